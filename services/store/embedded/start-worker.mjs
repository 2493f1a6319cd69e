// The first file of a worker thread loads before `--import tsx` takes effect (Node 20), so it is plain JavaScript:
// it makes the loader for TypeScript, and goes on with the worker proper.
import { register } from 'tsx/esm/api';

register();
await import('./database.worker.ts');
