import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { FrameReader } from '../../protocol/jt808/frame-lines.ts';
import type { Decrypt } from '../../protocol/jt808/index.ts';
import { rsaDecryptor } from '../rsa-bodies.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  summary: 'decode JT/T 808 frames: hex on stdin, one per line; JSON Lines on stdout',
  help: `busguard decode < frames.txt

Reads one JT/T 808 frame per line in hex (spaces allowed, with or without the 7e flags) and prints one JSON object
for each, in order. A bad frame is an object with "ok":false and its reason; the next line is read all the same.
Packets of one message are joined: the last one to come carries the body.

  --version 2011|2013   which edition to prefer under the header that both share (default 2013)
  --rsa-key FILE        private RSA key (PEM) of the platform, for encrypted bodies; without it they are refused

Exit code: 0 if every frame could be decoded, 1 if not.`,
  async run(args) {
    let prefer: '2011' | '2013' = '2013';
    let decrypt: Decrypt | undefined;
    for (let i = 0; i < args.length; i++) {
      const value = args[i + 1];
      if (args[i] === '--version' && (value === '2011' || value === '2013')) {
        prefer = value;
        i++;
      } else if (args[i] === '--rsa-key' && value !== undefined) {
        try {
          decrypt = rsaDecryptor(readFileSync(value));
        } catch (error) {
          process.stderr.write(
            `decode: --rsa-key ${value}: ${error instanceof Error ? error.message : String(error)}\n`,
          );
          return 2;
        }
        i++;
      } else {
        process.stderr.write(`decode: unknown argument ${args[i]}; see busguard decode --help\n`);
        return 2;
      }
    }
    const reader = new FrameReader({ version: prefer, ...(decrypt && { decrypt }) });
    let bad = 0;
    for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === '') continue;
      const object = reader.read(line);
      if (!object.ok) bad++;
      if (!process.stdout.write(`${JSON.stringify(object)}\n`)) await drained();
    }
    return bad === 0 ? 0 : 1;
  },
};

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}
