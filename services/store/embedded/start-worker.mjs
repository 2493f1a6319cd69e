// Plain JavaScript, since Node 20 loads the first file of a worker thread before any loader for TypeScript is there.
// The engine's packages are loaded before that loader too: it would read through megabytes that it need not touch.
import '@electric-sql/pglite';
import '@electric-sql/pglite/nodefs';
import '@electric-sql/pglite-postgis';
import { register } from 'tsx/esm/api';

register();
await import('./database.worker.ts');
