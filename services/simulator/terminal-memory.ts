import type { Body, Version } from '../../protocol/jt808/message.ts';
import { parametersFromTheMaker } from './terminal-parameters.ts';

/** The kinds of areas of 0x8608, by its number for them. */
export const AREA_KINDS = { 1: 'circles', 2: 'rectangles', 3: 'polygons', 4: 'routes' } as const;
export type AreaKind = (typeof AREA_KINDS)[keyof typeof AREA_KINDS];

/** Contacts and areas of one kind that a terminal has room for. */
export const MAX_KEPT = 200;

/** What a terminal keeps over a restart: what it was told, not where it is. */
export class TerminalMemory {
  /** Parameters beside those that steer the terminal itself, by id. */
  readonly parameters = new Map<number, unknown>();
  readonly areas: { readonly [kind in AreaKind]: Map<number, Body> } = {
    circles: new Map(),
    rectangles: new Map(),
    polygons: new Map(),
    routes: new Map(),
  };
  contacts: readonly Body[] = [];
  doorsLocked = false;
  supplyCut = false;
  #mediaId = 0;

  constructor(version: Version) {
    this.forget(version);
  }

  /** As it came from its maker. */
  forget(version: Version): void {
    this.parameters.clear();
    for (const [id, value] of parametersFromTheMaker(version)) this.parameters.set(id, value);
    for (const kept of Object.values(this.areas)) kept.clear();
    this.contacts = [];
  }

  /** Ids of so many new photos; never 0 (JT/T 808-2013 table 80). */
  newMediaIds(count: number): number[] {
    return Array.from({ length: count }, () => {
      this.#mediaId += 1;
      return this.#mediaId;
    });
  }
}
