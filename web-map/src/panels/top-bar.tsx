import { LogoutOutlined, SearchOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown, Segmented } from 'antd';
import { useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import { useWords } from '../i18n/language.ts';
import { Brand } from '../parts/brand.tsx';
import type { Page } from '../shell/page.ts';
import { PageMenu } from '../shell/page-menu.tsx';
import { go, place } from '../state/place.ts';
import { signOut } from '../state/session.ts';
import { BusSearch } from './bus-search.tsx';
import { FleetCounts } from './fleet-counts.tsx';
import { LinkPill } from './link-pill.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';

interface TopBarProps {
  session: SessionView;
  narrow: boolean;
  pages: readonly Page[];
  /** Id of the page that is shown. */
  current: string;
}

export function TopBar({ session, narrow, pages, current }: TopBarProps) {
  const { words } = useWords();
  const [searching, setSearching] = useState(false);
  if (narrow && searching) {
    return (
      <header className="top-bar">
        <BusSearch autoFocus onDone={() => setSearching(false)} />
        <Button type="text" onClick={() => setSearching(false)}>
          {words.alerts.cancel}
        </Button>
      </header>
    );
  }
  return (
    <header className="top-bar">
      {narrow ? (
        <>
          <PageMenu pages={pages} current={current} />
          <FleetSwitch current={current} pages={pages} />
        </>
      ) : (
        <>
          <Brand />
          <BusSearch />
        </>
      )}
      <span className="top-bar-gap" />
      {!narrow && <FleetCounts />}
      <LinkPill narrow={narrow} />
      {narrow && (
        <Button
          type="text"
          icon={<SearchOutlined />}
          aria-label={words.search.open}
          onClick={() => setSearching(true)}
        />
      )}
      {!narrow && <ThemeSwitch />}
      {!narrow && <LanguageSwitch />}
      <AccountMenu session={session} narrow={narrow} />
    </header>
  );
}

/** On a phone: between map and list, or, on another page, its name. */
function FleetSwitch({ current, pages }: { current: string; pages: readonly Page[] }) {
  const { words } = useWords();
  if (current !== 'map' && current !== 'list') {
    return (
      <span className="top-bar-title">{pages.find(({ id }) => id === current)?.title(words) ?? ''}</span>
    );
  }
  return (
    <Segmented
      aria-label={words.view.label}
      value={current}
      onChange={(next) => go({ page: next, query: place.get().query })}
      options={[
        { value: 'map', label: words.view.map },
        { value: 'list', label: words.view.list },
      ]}
    />
  );
}

function AccountMenu({ session, narrow }: { session: SessionView; narrow: boolean }) {
  const { words } = useWords();
  const { user } = session;
  return (
    <Dropdown
      trigger={['click']}
      popupRender={(menu) => (
        <div className="account-popup">
          <div className="account-who">
            <strong>{user.displayName}</strong>
            <span>{words.account.roles[user.role]}</span>
          </div>
          {menu}
        </div>
      )}
      menu={{
        items: [{ key: 'out', icon: <LogoutOutlined />, label: words.account.signOut }],
        onClick: () => void signOut(),
      }}
    >
      <Button
        type="text"
        icon={<UserOutlined />}
        aria-label={narrow ? words.account.label : `${words.account.label}: ${user.displayName}`}
        data-testid="account-menu"
      >
        {narrow ? null : user.displayName}
      </Button>
    </Dropdown>
  );
}
