import { createStore } from './store.ts';

/** The bus on the map that the keyboard points at, before it is opened. */
export const pointedBus = createStore<string | null>(null);
