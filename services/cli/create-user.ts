import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { hash } from '@node-rs/argon2';
import {
  MAX_PASSWORD_CHARACTERS,
  MIN_PASSWORD_CHARACTERS,
  type PasswordFault,
  passwordFault,
} from '../api/session/password-policy.ts';
import { LoginTaken, StoreUnavailable, type User } from '../store/store.ts';
import { AccountError, type AccountOptions, accountOf } from './account-options.ts';
import { checkAgainstPlan } from './account-plan-check.ts';
import { verbSetting, withConfiguredStore } from './configured-store.ts';
import { readPassword } from './read-password.ts';
import type { Verb } from './verb.ts';

const help = `Usage: busguard create-user --login NAME --role ROLE [options]

Creates a login and prints {"id","login","role"}. The password is asked for at the terminal, or is the first line of
stdin with --password-stdin; it is never an argument, since those are seen by every process of the machine.

  --login NAME         2 to 64 characters, no spaces; case does not count
  --role ROLE          admin, police, transport, education, provider, school, guardian or escort
  --name TEXT          shown to people (default: the login)
  --language zh|en     of the pages (default: zh)
  --district NAME      police, transport, education: what they see; left out, they see the whole plan
  --provider ID        provider: its operator_id; needed
  --school ID          school: its school_id; needed
  --riders ID,ID       guardian: the rider_ids of their children; needed
  --person ID          escort: their person_id; needed
  --password-stdin     read the password from stdin
  --first-password     it has to be changed at the first sign-in

District, provider, school, riders and person must be in the current plan.
`;

const FAULTS: { readonly [fault in PasswordFault]: string } = {
  'too-short': `it takes at least ${MIN_PASSWORD_CHARACTERS} characters; some words in a row are as good`,
  'too-long': `it takes at most ${MAX_PASSWORD_CHARACTERS} characters`,
  'too-plain': 'it is a run or has too few different characters',
  'too-common': 'it is among those that are tried first',
  'names-you': 'it is little more than the login',
  unchanged: 'it is the present one',
};

export const verb: Verb = {
  summary: 'create a login',
  help,
  async run(args) {
    try {
      const described = accountOf(randomUUID(), options(args));
      const first = args.includes('--first-password');
      const user: User = first ? { ...described, mustChangePassword: true } : described;
      const password = await readPassword(args.includes('--password-stdin'));
      const fault = passwordFault(password, user.login);
      if (fault) throw new AccountError(`the password is not taken: ${FAULTS[fault]}`);
      await create(user, password);
      process.stdout.write(`${JSON.stringify({ id: user.id, login: user.login, role: user.role })}\n`);
      return 0;
    } catch (error) {
      const expected =
        error instanceof AccountError || error instanceof LoginTaken || error instanceof StoreUnavailable;
      if (!expected) throw error;
      process.stderr.write(`busguard create-user: ${error.message}\n`);
      return error instanceof AccountError && error.usage ? 2 : 1;
    }
  },
};

function options(args: string[]): AccountOptions {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        login: text,
        role: text,
        name: text,
        language: text,
        district: text,
        provider: text,
        school: text,
        riders: text,
        person: text,
        'password-stdin': { type: 'boolean' },
        'first-password': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new AccountError(error instanceof Error ? error.message : String(error), true);
  }
}

async function create(user: User, password: string): Promise<void> {
  await withConfiguredStore(verbSetting(), async (store) => {
    await checkAgainstPlan(user, store.plans);
    await store.users.create(user, await hash(password));
  });
}
