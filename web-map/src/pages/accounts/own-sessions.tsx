import { useCallback, useEffect, useState } from 'react';
import { type OwnSession, ownAccount } from '../../api/accounts.ts';
import { useWords } from '../../i18n/language.ts';
import { findSession } from '../../state/session.ts';
import { WaitingButton } from './waiting-button.tsx';

/** Where one is signed in, and the way out of each and of all. */
export function OwnSessions() {
  const { words, language } = useWords();
  const [items, setItems] = useState<readonly OwnSession[]>([]);
  const load = useCallback(async () => {
    const answer = await ownAccount.sessions();
    if (answer.ok) setItems(answer.value.items);
  }, []);
  useEffect(() => void load(), [load]);
  const own = words.accounts.own;
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const end = async (id: string) => {
    await ownAccount.endSession(id);
    await load();
  };
  const endAll = async () => {
    await ownAccount.endAll();
    await findSession();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <section className="account-table" aria-label={own.sessions} tabIndex={0}>
        <table className="account-rows">
          <thead>
            <tr>
              <th scope="col">{own.since}</th>
              <th scope="col">{own.from}</th>
              <th scope="col">{own.browser}</th>
              <th scope="col">
                <span className="account-unseen">{own.end}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.id}>
                <td>{when.format(Date.parse(one.startedAt))}</td>
                <td>{one.remote}</td>
                <td>{one.agent}</td>
                <td>{one.current ? own.here : <WaitingButton label={own.end} run={() => end(one.id)} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <WaitingButton danger label={own.everywhere} run={endAll} />
    </>
  );
}
