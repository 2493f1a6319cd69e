import { Button, Input, Popconfirm } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import type { UserView } from '../../../../services/api/contract.ts';
import { accounts } from '../../api/accounts.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { AccountForm, bondOf, type Entry } from './account-form.tsx';
import { useSecret } from './use-secret.tsx';
import { WaitingButton } from './waiting-button.tsx';

/** The accounts of people: found, made, disabled, and helped to a new password. */
export function People() {
  const { words, language } = useWords();
  const { show, fail } = useSecret();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState<{ items: readonly UserView[]; next: string | null } | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [adding, setAdding] = useState(false);
  const [busy, setBusy] = useState(false);
  const others = words.accounts.others;

  const load = useCallback(async () => {
    const answer = await accounts.list(search);
    setFault(answer.ok ? null : answer.fault);
    if (answer.ok) setPage(answer.value);
  }, [search]);
  useEffect(() => void load(), [load]);
  const more = async (after: string) => {
    const answer = await accounts.list(search, after);
    if (!answer.ok) return fail(answer.fault);
    setPage((known) => ({
      items: [...(known?.items ?? []), ...answer.value.items],
      next: answer.value.next,
    }));
  };
  const create = async (entry: Entry) => {
    const { login = '', name = '', role } = entry;
    setBusy(true);
    const named = name.trim() === '' ? {} : { displayName: name.trim() };
    const answer = await accounts.create({ login: login.trim(), role, ...named, ...bondOf(entry) });
    setBusy(false);
    if (!answer.ok) return fail(answer.fault);
    setAdding(false);
    show(answer.value.password);
    await load();
  };
  const reset = async (id: string) => {
    const answer = await accounts.reset(id);
    if (!answer.ok) return fail(answer.fault);
    show(answer.value.password);
    await load();
  };
  const disable = async ({ id, disabled }: UserView) => {
    const answer = await accounts.disable(id, !disabled);
    if (!answer.ok) fail(answer.fault);
    await load();
  };

  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const bond = ({ district, providerId, schoolId, personId, riderIds }: UserView) =>
    district ?? providerId ?? schoolId ?? personId ?? (riderIds.join(', ') || others.everything);
  const state = ({ disabled, mustChangePassword, secondFactor }: UserView) =>
    [
      disabled ? others.disabled : others.active,
      ...(mustChangePassword ? [others.firstPassword] : []),
      ...(secondFactor ? [others.factor] : []),
    ].join(' · ');
  return (
    <>
      <div className="account-tools">
        <Input.Search
          style={{ maxWidth: 280 }}
          placeholder={others.search}
          aria-label={others.search}
          maxLength={100}
          onSearch={(text) => setSearch(text.trim())}
        />
        {!adding && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {others.add}
          </Button>
        )}
      </div>
      {adding && (
        <AccountForm
          kind="account"
          busy={busy}
          onSubmit={(entry) => void create(entry)}
          onCancel={() => setAdding(false)}
        />
      )}
      {fault && <p role="alert">{faultText(fault, words)}</p>}
      {page?.items.length === 0 && <p>{others.none}</p>}
      {page && page.items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section className="account-table" aria-label={others.people} tabIndex={0}>
          <table className="account-rows">
            <thead>
              <tr>
                {[others.login, others.name, others.role, others.bond, others.last, others.state].map(
                  (head) => (
                    <th scope="col" key={head}>
                      {head}
                    </th>
                  ),
                )}
                <th scope="col">
                  <span className="account-unseen">{words.account.label}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {page.items.map((user) => (
                <tr key={user.id}>
                  <th scope="row">{user.login}</th>
                  <td>{user.displayName}</td>
                  <td>{words.account.roles[user.role]}</td>
                  <td>{bond(user)}</td>
                  <td>{user.lastSignInAt ? when.format(Date.parse(user.lastSignInAt)) : others.never}</td>
                  <td>{state(user)}</td>
                  <td>
                    <div className="account-tools">
                      <Popconfirm title={others.resetSure} onConfirm={() => reset(user.id)}>
                        <Button>{others.reset}</Button>
                      </Popconfirm>
                      <WaitingButton
                        danger={!user.disabled}
                        label={user.disabled ? others.enable : others.disable}
                        run={() => disable(user)}
                      />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {page?.next && <WaitingButton label={others.more} run={() => more(page.next ?? '')} />}
    </>
  );
}
