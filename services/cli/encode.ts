import { createInterface } from 'node:readline';
import { FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import { EncodeError } from '../../protocol/jt808/index.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  summary: 'encode JT/T 808 messages: JSON Lines on stdin; hex frames on stdout',
  help: `busguard encode < messages.jsonl

The reverse of decode: reads objects like those that decode prints, one per line, and prints hex frames with their
7e flags, one per line. A body of more than 1,023 bytes becomes several frames. Of an object, msgId, phone and body
are needed; version defaults to 2013 and serial to 0. What cannot be sent is said on stderr with the field's name.

Exit code: 0 if every object could be encoded, 1 if not.`,
  async run(args) {
    if (args.length > 0) {
      process.stderr.write(`encode: unknown argument ${args[0]}; see busguard encode --help\n`);
      return 2;
    }
    const writer = new FrameWriter();
    let bad = 0;
    let number = 0;
    for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (line.trim() === '') continue;
      try {
        for (const frame of writer.write(line)) {
          if (!process.stdout.write(`${frame}\n`)) await drained();
        }
      } catch (error) {
        if (!(error instanceof EncodeError)) throw error;
        bad++;
        process.stderr.write(`encode: line ${number}: ${error.message}\n`);
      }
    }
    return bad === 0 ? 0 : 1;
  },
};

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}
