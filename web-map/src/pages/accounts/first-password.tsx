import '../../panels/sign-in.css';
import { useWords } from '../../i18n/language.ts';
import { Brand } from '../../parts/brand.tsx';
import { ownPasswordSet } from '../../state/session.ts';
import { PasswordForm } from './password-form.tsx';

/** All that somebody sees whose password another has set. */
export function FirstPassword() {
  const { words } = useWords();
  return (
    <div className="sign-in">
      <main className="sign-in-card">
        <Brand size="large" />
        <h1>{words.accounts.first.title}</h1>
        <p className="sign-in-where">{words.accounts.first.text}</p>
        <PasswordForm onChanged={ownPasswordSet} />
      </main>
    </div>
  );
}
