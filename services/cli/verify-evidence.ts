import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { verifyFile } from '../evidence/verify-file.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  summary: 'check an evidence pack: every record, every file, and the hash that was printed',
  help: `busguard verify-evidence [--head HASH] FILE...

Checks evidence packs (pack.zip, or manifest.jsonl alone) and prints one object for each: {"ok":true,...} with the head
of the chain, or {"ok":false,...} naming the first broken link by line and kind, or the file that was changed.

  --head HASH   the SHA-256 that is printed on the pack or kept in the database: the pack must end with it

Needs no database. Exit code: 0 if every pack is whole, 1 if one is not.`,
  async run(args) {
    let head: string | undefined;
    let files: string[];
    try {
      const parsed = parseArgs({ args, options: { head: { type: 'string' } }, allowPositionals: true });
      head = parsed.values.head;
      files = parsed.positionals;
    } catch (error) {
      process.stderr.write(`verify-evidence: ${error instanceof Error ? error.message : String(error)}\n`);
      return 2;
    }
    if (files.length === 0 || (head !== undefined && !/^[0-9a-f]{64}$/i.test(head))) {
      process.stderr.write('verify-evidence: takes files, and --head 64 hex digits; see --help\n');
      return 2;
    }
    let broken = 0;
    for (const file of files) {
      try {
        const verdict = verifyFile(await readFile(file), head ?? null);
        if (!verdict.ok) broken++;
        process.stdout.write(`${JSON.stringify({ path: file, ...verdict })}\n`);
      } catch (error) {
        broken++;
        process.stderr.write(
          `verify-evidence: ${file}: ${error instanceof Error ? error.message : String(error)}\n`,
        );
      }
    }
    return broken === 0 ? 0 : 1;
  },
};
