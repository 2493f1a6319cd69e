// Entry of a thread on plan files: `--import tsx` does not reach a worker's first module, so this one brings it in.
import { register } from 'tsx/esm/api';

register();
await import('./plan.worker.ts');
