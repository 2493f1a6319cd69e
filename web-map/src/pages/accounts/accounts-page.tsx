import './accounts-page.css';
import { Tabs } from 'antd';
import { useWords } from '../../i18n/language.ts';
import { PageFrame } from '../page-frame.tsx';
import { AuditLog } from './audit-log.tsx';
import { Keys } from './keys.tsx';
import { People } from './people.tsx';

/** Who may sign in, by which key other systems ask, and who did what. */
export function AccountsPage() {
  const { words } = useWords();
  const { title, intro, people, keys, audit } = words.accounts.others;
  return (
    <PageFrame title={title} intro={intro}>
      <Tabs
        destroyOnHidden
        items={[
          { key: 'people', label: people, children: <People /> },
          { key: 'keys', label: keys, children: <Keys /> },
          { key: 'audit', label: audit, children: <AuditLog /> },
        ]}
      />
    </PageFrame>
  );
}
