/** Fewest characters, counted as people see them; a phrase of some words has them easily. */
export const MIN_PASSWORD_CHARACTERS = 12;
export const MAX_PASSWORD_CHARACTERS = 200;

/** Why a password is not taken. */
export type PasswordFault = 'too-short' | 'too-long' | 'too-plain' | 'too-common' | 'names-you' | 'unchanged';

/** What guessers try first, without the digits and signs that people put around it. Own list; in lower case. */
const COMMON = new Set(
  (
    'password passwort motdepasse passw0rd pass word secret letmein welcome admin administrator root user login guest ' +
    'qwerty qwertyuiop asdfghjkl zxcvbnm qazwsx qazwsxedc azerty qwertz iloveyou woaini woaiwojia mima monkey dragon ' +
    'sunshine princess football baseball master shadow superman batman trustno changeme default test tester testing ' +
    'school schoolbus xiaoche busguard huhang police jiaojing student teacher laoshi xuesheng china zhongguo beijing ' +
    'shanghai changzhou wujin hello nihao abc abcd abcde abcdef abcdefg abcdefgh computer internet company summer winter'
  ).split(' '),
);

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const split = (text: string): string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

/** What is wrong with a new password, or null. Whether it is the old one only its hash tells. */
export function passwordFault(password: string, login: string): PasswordFault | null {
  const characters = split(password);
  if (characters.length < MIN_PASSWORD_CHARACTERS) return 'too-short';
  if (password.length > MAX_PASSWORD_CHARACTERS) return 'too-long';
  if (new Set(characters).size < 5 || isRun(password)) return 'too-plain';
  const plain = password.toLowerCase();
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (COMMON.has(core) || isRepeated(core)) return 'too-common';
  // The name with a number behind it is the second thing that is tried.
  const name = login.toLowerCase();
  const rest = plain.replaceAll(name, '');
  if (name.length >= 3 && rest !== plain && split(rest).length < MIN_PASSWORD_CHARACTERS / 2)
    return 'names-you';
  return null;
}

/** `abcdefghijkl`, `123456789012`, `zyxwvutsrqpo`: each character next to the one before. */
function isRun(text: string): boolean {
  let steps = 0;
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (Math.abs(step) <= 1 || Math.abs(step) === 9) steps++;
  }
  return steps >= text.length - 3;
}

/** A common word over and over. */
function isRepeated(text: string): boolean {
  for (let length = 2; length <= text.length / 2; length++) {
    const word = text.slice(0, length);
    if (text === word.repeat(Math.ceil(text.length / length)).slice(0, text.length)) return true;
  }
  return false;
}
