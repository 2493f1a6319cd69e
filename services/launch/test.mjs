// npm test: installs what is missing, then runs every test.
import { spawnSync } from 'node:child_process';
import { installMissing, root } from './install.mjs';

installMissing();
const result = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(result.status ?? 1);
