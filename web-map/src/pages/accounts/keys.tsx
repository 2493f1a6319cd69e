import { Button, Popconfirm } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import type { ApiKeyView } from '../../../../services/api/contract.ts';
import { accounts } from '../../api/accounts.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { AccountForm, bondOf, type Entry } from './account-form.tsx';
import { useSecret } from './use-secret.tsx';

/** The keys by which other systems ask. */
export function Keys() {
  const { words, language } = useWords();
  const { show, fail } = useSecret();
  const [items, setItems] = useState<readonly ApiKeyView[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [adding, setAdding] = useState(false);
  const [busy, setBusy] = useState(false);
  const others = words.accounts.others;
  const load = useCallback(async () => {
    const answer = await accounts.keys();
    setFault(answer.ok ? null : answer.fault);
    if (answer.ok) setItems(answer.value.items);
  }, []);
  useEffect(() => void load(), [load]);
  const create = async (entry: Entry) => {
    const { name, role, days } = entry;
    setBusy(true);
    const answer = await accounts.createKey({ name, role, days, ...bondOf(entry) });
    setBusy(false);
    if (!answer.ok) return fail(answer.fault);
    setAdding(false);
    show(answer.value.key);
    await load();
  };
  const revoke = async (id: string) => {
    const answer = await accounts.revokeKey(id);
    if (!answer.ok) fail(answer.fault);
    await load();
  };
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const day = (time: string | null) => (time === null ? others.never : when.format(Date.parse(time)));
  return (
    <>
      <div className="account-tools">
        {!adding && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {others.addKey}
          </Button>
        )}
      </div>
      {adding && (
        <AccountForm
          kind="key"
          busy={busy}
          onSubmit={(entry) => void create(entry)}
          onCancel={() => setAdding(false)}
        />
      )}
      {fault && <p role="alert">{faultText(fault, words)}</p>}
      {items?.length === 0 && <p>{others.none}</p>}
      {items && items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section className="account-table" aria-label={others.keys} tabIndex={0}>
          <table className="account-rows">
            <thead>
              <tr>
                {[others.name, others.role, others.bond, others.expires, others.used, others.state].map(
                  (head) => (
                    <th scope="col" key={head}>
                      {head}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {items.map((key) => (
                <tr key={key.id}>
                  <th scope="row">{key.name}</th>
                  <td>{words.account.roles[key.role]}</td>
                  <td>{key.district ?? key.providerId ?? key.schoolId ?? others.everything}</td>
                  <td>{day(key.expiresAt)}</td>
                  <td>{day(key.lastUsedAt)}</td>
                  <td>
                    {key.revokedAt ? (
                      others.revoked
                    ) : (
                      <Popconfirm title={others.revokeSure} onConfirm={() => revoke(key.id)}>
                        <Button danger>{others.revoke}</Button>
                      </Popconfirm>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
