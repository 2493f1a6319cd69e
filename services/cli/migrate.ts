import { pino } from 'pino';
import { loadConfig } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import { openDatabase } from '../store/open-store.ts';
import { storeError } from '../store/unavailable.ts';
import type { Verb } from './verb.ts';

const help = `Usage: busguard migrate

Brings the schema of the database (DATABASE_URL, else the embedded one under DATA_DIR) up to date, and prints
{"step":name} for each step taken. Steps already taken are passed over; taken half-way, a step leaves nothing behind.
`;

export const verb: Verb = {
  summary: 'bring the database schema up to date',
  help,
  async run(args) {
    if (args.length > 0) {
      process.stderr.write(`busguard migrate: unexpected argument ${args[0]}\n`);
      return 2;
    }
    const { databaseUrl, dataDir, logLevel } = loadConfig();
    const log = pino({ level: logLevel }, pino.destination(2));
    try {
      const database = await openDatabase({ databaseUrl, dataDir, log });
      try {
        for (const step of await migrate(database.knex, log)) {
          process.stdout.write(`${JSON.stringify({ step })}\n`);
        }
      } finally {
        await database.close();
      }
    } catch (error) {
      const cause = storeError(error);
      process.stderr.write(`busguard migrate: ${cause instanceof Error ? cause.message : String(cause)}\n`);
      return 1;
    }
    return 0;
  },
};
