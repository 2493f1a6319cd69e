/** Throws unless `subject` is dot-separated tokens without wildcards, blanks or empty tokens. */
export function checkSubject(subject: string): void {
  if (!/^[^\s.*>]+(\.[^\s.*>]+)*$/.test(subject)) throw new Error(`not a bus subject: "${subject}"`);
}

/** Throws unless `pattern` is a subject in which a token may be `*` and the last may be `>`. */
export function checkPattern(pattern: string): void {
  if (!/^([^\s.*>]+|\*)(\.([^\s.*>]+|\*))*(\.>)?$|^>$/.test(pattern)) {
    throw new Error(`not a bus pattern: "${pattern}"`);
  }
}

/** Makes the test of one pattern: `*` is any one token, a final `>` is one token or more. */
export function subjectMatcher(pattern: string): (subject: string) => boolean {
  checkPattern(pattern);
  if (!/[*>]/.test(pattern)) return (subject) => subject === pattern;
  if (pattern === '>') return () => true;
  const wanted = pattern.split('.');
  const rest = wanted.at(-1) === '>';
  if (rest && !pattern.includes('*')) {
    const prefix = pattern.slice(0, -1);
    return (subject) => subject.startsWith(prefix);
  }
  const fixed = rest ? wanted.slice(0, -1) : wanted;
  return (subject) => {
    const tokens = subject.split('.');
    if (rest ? tokens.length <= fixed.length : tokens.length !== fixed.length) return false;
    return fixed.every((token, i) => token === '*' || token === tokens[i]);
  };
}
