import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AccountError } from './account-options.ts';

/** The first line of stdin, or what is typed twice, unseen, at the terminal. */
export async function readPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await readLines(1))[0] ?? '';
  if (!process.stdin.isTTY) {
    throw new AccountError('stdin is no terminal to ask for a password at; give --password-stdin', true);
  }
  const [first, second] = await readLines(2, ['Password: ', 'Once more: ']);
  if (first !== second) throw new AccountError('the two passwords differ');
  return first ?? '';
}

/** Reads lines, each after its prompt on stderr; with prompts, what is typed is not shown. */
async function readLines(count: number, prompts: readonly string[] = []): Promise<string[]> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: prompts.length > 0 ? unseen : undefined,
    terminal: prompts.length > 0,
  });
  const read: string[] = [];
  process.stderr.write(prompts[0] ?? '');
  for await (const line of lines) {
    read.push(line);
    if (prompts.length > 0) process.stderr.write('\n');
    if (read.length === count) break;
    process.stderr.write(prompts[read.length] ?? '');
  }
  lines.close();
  return read;
}
