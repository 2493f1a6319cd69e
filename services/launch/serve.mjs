// The container's entry: everything is installed and built, so nothing is checked or fetched.
import { register } from 'tsx/esm/api';

register();
const { start } = await import('../main.ts');
await start(process.argv.slice(2));
