import './accounts-page.css';
import { App } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { type OwnAccount, ownAccount } from '../../api/accounts.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { PageMessage } from '../../parts/page-message.tsx';
import { PageFrame } from '../page-frame.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';

/** One's own account: the password, the second factor, and where one is signed in. */
export function OwnAccountPage() {
  const { words } = useWords();
  const { message } = App.useApp();
  const [account, setAccount] = useState<OwnAccount | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const load = useCallback(async () => {
    const answer = await ownAccount.get();
    setFault(answer.ok ? null : answer.fault);
    if (answer.ok) setAccount(answer.value);
  }, []);
  useEffect(() => void load(), [load]);
  const own = words.accounts.own;
  if (fault && !account) {
    return (
      <PageMessage
        title={words.error.pageTitle}
        text={faultText(fault, words)}
        action={{ label: words.error.retry, run: () => void load() }}
      />
    );
  }
  if (!account) return <PageMessage waiting title={words.loading.page} />;
  return (
    <PageFrame title={own.title} intro={`${account.displayName} (${account.login})`}>
      <section className="account-part" aria-label={own.password}>
        <h2>{own.password}</h2>
        <PasswordForm onChanged={() => void message.success(own.changed)} />
      </section>
      <section className="account-part" aria-label={own.factor}>
        <h2>{own.factor}</h2>
        <SecondFactor account={account} onChanged={() => void load()} />
      </section>
      <section className="account-part" aria-label={own.sessions}>
        <h2>{own.sessions}</h2>
        <OwnSessions />
      </section>
    </PageFrame>
  );
}
