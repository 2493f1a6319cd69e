// npm runs this after it has installed the packages: what the first start would have to make is made here instead.
import { register } from 'tsx/esm/api';

register();
const { prepare } = await import('./prepare.ts');
await prepare();
