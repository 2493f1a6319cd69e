import { pino } from 'pino';
import { loadConfig } from '../config.ts';
import { dataKeyOf } from '../data-key.ts';
import { openDatabase } from '../store/open-store.ts';
import { makeDataCipher } from '../store/personal-files.ts';
import { reseal } from '../store/reseal.ts';
import { storeError } from '../store/unavailable.ts';
import type { Verb } from './verb.ts';

const help = `Usage: busguard rotate-key

Seals personal data anew with DATA_KEY where one of DATA_KEYS_OLD sealed it, some rows at a time, and prints
{"kind","rows"} for each step and {"done":true,"key"} at the end. It may be interrupted and begun again.

To replace a key: start every process with the new one in DATA_KEY and the old one in DATA_KEYS_OLD; run this; then
start them without the old one. Sessions and codes made of the old key end with it.
`;

export const verb: Verb = {
  summary: 'seal personal data anew with another key',
  help,
  async run(args) {
    if (args.length > 0) {
      process.stderr.write(`busguard rotate-key: unexpected argument ${args[0]}\n`);
      return 2;
    }
    const { databaseUrl, dataDir, dataKey, oldDataKeys, logLevel } = loadConfig();
    const log = pino({ level: logLevel }, pino.destination(2));
    const cipher = makeDataCipher(dataKeyOf(dataKey, dataDir), oldDataKeys);
    try {
      const database = await openDatabase({ databaseUrl, dataDir, log });
      try {
        for await (const step of reseal(database, cipher)) process.stdout.write(`${JSON.stringify(step)}\n`);
      } finally {
        await database.close();
      }
    } catch (error) {
      const cause = storeError(error);
      process.stderr.write(
        `busguard rotate-key: ${cause instanceof Error ? cause.message : String(cause)}\n`,
      );
      return 1;
    }
    process.stdout.write(`${JSON.stringify({ done: true, key: cipher.keyId })}\n`);
    return 0;
  },
};
