#!/usr/bin/env node
import { installMissing } from './install.mjs';

installMissing();
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('../cli/busguard.ts');
process.exitCode = await main(process.argv.slice(2));
