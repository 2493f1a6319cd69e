import { type FormEvent, useId, useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import { api, type Fault } from '../api/client.ts';
import { chooseLanguage, offerLanguage, preferences } from '../state/preferences.ts';
import { useStore } from '../state/store.ts';
import { pocketEn, pocketZh } from './pocket-words.ts';

export function usePocketWords() {
  const { language } = useStore(preferences);
  return { words: language === 'zh' ? pocketZh : pocketEn, language };
}

export function LanguageButton() {
  const { words, language } = usePocketWords();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <button
      type="button"
      className="plain-button"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => chooseLanguage(other)}
    >
      {words.language}
    </button>
  );
}

/** Signing in on a phone; `title` says to what. */
export function PocketSignIn({ title, onIn }: { title: string; onIn(view: SessionView): void }) {
  const { words } = usePocketWords();
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const [login, password] = [useId(), useId()];
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await api.signIn(String(form.get('login')).trim(), String(form.get('password')));
    setBusy(false);
    if (!answer.ok) return setFault(answer.fault);
    offerLanguage(answer.value.user.language);
    onIn(answer.value);
  };
  const says =
    fault &&
    (fault.kind === 'expired'
      ? words.wrong
      : fault.kind === 'tooMany'
        ? words.tooMany
        : fault.kind === 'offline'
          ? words.offline
          : words.unreachable);
  return (
    <main className="pocket-sign-in">
      <div className="corner">
        <LanguageButton />
      </div>
      <p className="brand-line">{words.product}</p>
      <h1>{title}</h1>
      <form onSubmit={submit}>
        <label htmlFor={login}>{words.login}</label>
        <input
          id={login}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          required
          maxLength={100}
        />
        <label htmlFor={password}>{words.password}</label>
        <input
          id={password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={200}
        />
        <p role="alert" className="form-fault">
          {says}
        </p>
        <button type="submit" className="big-button primary" disabled={busy}>
          {words.signIn}
        </button>
      </form>
    </main>
  );
}
