import { CodeOutlined, LogoutOutlined, SearchOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown, Segmented, Tooltip } from 'antd';
import { useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import { useWords } from '../i18n/language.ts';
import { Brand } from '../parts/brand.tsx';
import { view as viewStore } from '../state/selection.ts';
import { signOut } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { BusSearch } from './bus-search.tsx';
import { FleetCounts } from './fleet-counts.tsx';
import { LinkPill } from './link-pill.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';

export function TopBar({ session, narrow }: { session: SessionView; narrow: boolean }) {
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
      {!narrow && session.can.explain && <ExplainSwitch />}
      {!narrow && <ThemeSwitch />}
      {!narrow && <LanguageSwitch />}
      <AccountMenu session={session} narrow={narrow} />
    </header>
  );
}

function ExplainSwitch() {
  const { words } = useWords();
  const view = useStore(viewStore);
  return (
    <Tooltip title={words.explain.title}>
      <Button
        type="text"
        icon={<CodeOutlined />}
        aria-label={words.explain.title}
        aria-pressed={view === 'explain'}
        onClick={() => viewStore.set(view === 'explain' ? 'map' : 'explain')}
        data-testid="explain"
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
      className={view === 'explain' ? 'view-switch-none' : ''}
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
          ...(narrow && session.can.explain
            ? [{ key: 'explain', icon: <CodeOutlined />, label: words.explain.title }]
            : []),
          { key: 'out', icon: <LogoutOutlined />, label: words.account.signOut },
        ],
        onClick: ({ key }) => (key === 'explain' ? viewStore.set('explain') : void signOut()),
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
