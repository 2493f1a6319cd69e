import { Button, Form, Input } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import type { AuditEntryView } from '../../../../services/api/contract.ts';
import { accounts } from '../../api/accounts.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { WaitingButton } from './waiting-button.tsx';

interface Search {
  user?: string;
  action?: string;
  subject?: string;
}

/** Who did what, newest first; searched by person, action and subject. */
export function AuditLog() {
  const { words, language } = useWords();
  const [search, setSearch] = useState<Search>({});
  const [page, setPage] = useState<{ items: readonly AuditEntryView[]; next: number | null } | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const others = words.accounts.others;
  const load = useCallback(async () => {
    const answer = await accounts.audit(search);
    setFault(answer.ok ? null : answer.fault);
    if (answer.ok) setPage(answer.value);
  }, [search]);
  useEffect(() => void load(), [load]);
  const more = async (before: number) => {
    const answer = await accounts.audit({ ...search, before });
    if (!answer.ok) return setFault(answer.fault);
    setPage((known) => ({
      items: [...(known?.items ?? []), ...answer.value.items],
      next: answer.value.next,
    }));
  };
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <>
      <Form layout="inline" className="account-tools" onFinish={(values: Search) => setSearch({ ...values })}>
        <Form.Item name="user">
          <Input placeholder={others.who} aria-label={others.who} maxLength={100} allowClear />
        </Form.Item>
        <Form.Item name="action">
          <Input placeholder={others.what} aria-label={others.what} maxLength={100} allowClear />
        </Form.Item>
        <Form.Item name="subject">
          <Input placeholder={others.on} aria-label={others.on} maxLength={300} allowClear />
        </Form.Item>
        <Button htmlType="submit">{words.search.label}</Button>
      </Form>
      {fault && <p role="alert">{faultText(fault, words)}</p>}
      {page?.items.length === 0 && <p>{others.none}</p>}
      {page && page.items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section className="account-table" aria-label={others.audit} tabIndex={0}>
          <table className="account-rows">
            <thead>
              <tr>
                {[others.at, others.who, others.what, others.on, others.remote].map((head) => (
                  <th scope="col" key={head}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {page.items.map((entry) => (
                <tr key={entry.seq}>
                  <td>{when.format(Date.parse(entry.at))}</td>
                  <td>{entry.user ?? '—'}</td>
                  <td>{entry.action}</td>
                  <td className="account-secret">{entry.subject}</td>
                  <td>{entry.remote}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {page?.next && <WaitingButton label={others.more} run={() => more(page.next ?? 0)} />}
    </>
  );
}
