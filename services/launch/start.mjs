// npm start: installs what is missing, then runs the service in this very process.
import { installMissing } from './install.mjs';

installMissing();
const { register } = await import('tsx/esm/api');
register();
const { start } = await import('../main.ts');
await start(process.argv.slice(2));
