import { ConfigError } from '../config.ts';
import type { Verb } from './verb.ts';

/** Verbs load on demand, so that `decode` does not wait for a database driver. */
const VERBS: { readonly [name: string]: () => Promise<{ verb: Verb }> } = {
  decode: () => import('./decode.ts'),
  encode: () => import('./encode.ts'),
  explain: () => import('./explain.ts'),
  simulate: () => import('./simulate.ts'),
  replay: () => import('./replay.ts'),
  eta: () => import('./eta.ts'),
  import: () => import('./import.ts'),
  export: () => import('./export.ts'),
  'verify-evidence': () => import('./verify-evidence.ts'),
  migrate: () => import('./migrate.ts'),
  'create-user': () => import('./create-user.ts'),
  'rotate-key': () => import('./rotate-key.ts'),
  'check-config': () => import('./check-config.ts'),
};

async function usage(): Promise<string> {
  const lines = ['Usage: busguard <verb> [options]', '', 'Verbs:'];
  for (const [name, load] of Object.entries(VERBS)) {
    lines.push(`  ${name.padEnd(17)}${(await load()).verb.summary}`);
  }
  lines.push('', 'busguard <verb> --help says more.');
  return lines.join('\n');
}

/** Runs one verb; resolves to the process's exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${await usage()}\n`);
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!load) {
    process.stderr.write(`busguard: no verb "${name}"; there are ${Object.keys(VERBS).join(', ')}\n`);
    return 2;
  }
  const { verb } = await load();
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${verb.help.trimEnd()}\n`);
    return 0;
  }
  try {
    return await verb.run(args);
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`busguard: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}
