import {
  CodeOutlined,
  ExperimentOutlined,
  LogoutOutlined,
  ScheduleOutlined,
  SearchOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { Button, Dropdown, Segmented, Tooltip } from 'antd';
import { type ReactNode, useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import type { Dictionary } from '../i18n/en.ts';
import { useWords } from '../i18n/language.ts';
import { Brand } from '../parts/brand.tsx';
import { type View, view as viewStore } from '../state/selection.ts';
import { signOut } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { BusSearch } from './bus-search.tsx';
import { FleetCounts } from './fleet-counts.tsx';
import { LinkPill } from './link-pill.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';

export function TopBar({ session, narrow }: { session: SessionView; narrow: boolean }) {
  const { words } = useWords();
  const [searching, setSearching] = useState(false);
  const pages = pagesOf(session, words);
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
      <Brand />
      <ViewSwitch />
      {!narrow && <BusSearch />}
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
      {!narrow && pages.map((page) => <PageSwitch key={page.view} {...page} />)}
      {!narrow && <ThemeSwitch />}
      {!narrow && <LanguageSwitch />}
      <AccountMenu session={session} narrow={narrow} />
    </header>
  );
}

interface Page {
  readonly view: View;
  readonly icon: ReactNode;
  readonly title: string;
}

/** Pages besides the map and the list, as far as the login has a use for them. */
function pagesOf({ can }: SessionView, words: Dictionary): Page[] {
  const day: Page = { view: 'day', icon: <ScheduleOutlined />, title: words.day.title };
  const whatIf: Page = { view: 'what-if', icon: <ExperimentOutlined />, title: words.whatIf.title };
  const explain: Page = { view: 'explain', icon: <CodeOutlined />, title: words.explain.title };
  return [
    ...(can.amend.length > 0 ? [day] : []),
    ...(can.whatIf ? [whatIf] : []),
    ...(can.explain ? [explain] : []),
  ];
}

function PageSwitch({ view: own, icon, title }: Page) {
  const view = useStore(viewStore);
  return (
    <Tooltip title={title}>
      <Button
        type="text"
        icon={icon}
        aria-label={title}
        aria-pressed={view === own}
        onClick={() => viewStore.set(view === own ? 'map' : own)}
        data-testid={own}
      />
    </Tooltip>
  );
}

function ViewSwitch() {
  const { words } = useWords();
  const view = useStore(viewStore);
  return (
    <Segmented
      aria-label={words.view.label}
      value={view}
      onChange={(next) => viewStore.set(next)}
      className={view === 'map' || view === 'list' ? '' : 'view-switch-none'}
      options={[
        { value: 'map' as const, label: words.view.map },
        { value: 'list' as const, label: words.view.list },
      ]}
    />
  );
}

function AccountMenu({ session, narrow }: { session: SessionView; narrow: boolean }) {
  const { words } = useWords();
  const { user } = session;
  const pages = pagesOf(session, words);
  return (
    <Dropdown
      trigger={['click']}
      popupRender={(menu) => (
        <div className="account-popup">
          <div className="account-who">
            <strong>{user.displayName}</strong>
            <span>{words.account.roles[user.role]}</span>
          </div>
          {narrow && (
            <div className="account-switches">
              <ThemeSwitch />
              <LanguageSwitch />
            </div>
          )}
          {menu}
        </div>
      )}
      menu={{
        items: [
          ...(narrow
            ? pages.map(({ view, icon, title }) => ({ key: view as string, icon, label: title }))
            : []),
          { key: 'out', icon: <LogoutOutlined />, label: words.account.signOut },
        ],
        onClick: ({ key }) => (key === 'out' ? void signOut() : viewStore.set(key as View)),
      }}
    >
      <Button
        type="text"
        icon={<UserOutlined />}
        aria-label={narrow ? words.account.label : `${words.account.label}: ${user.displayName}`}
        data-testid="account"
      >
        {narrow ? null : user.displayName}
      </Button>
    </Dropdown>
  );
}
