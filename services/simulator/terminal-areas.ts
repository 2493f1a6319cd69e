import type { Body } from '../../protocol/jt808/message.ts';
import { AREA_KINDS, type AreaKind, MAX_KEPT, type TerminalMemory } from './terminal-memory.ts';
import { listOf } from './terminal-parameters.ts';

const REPLACE = 0;

/** 0x8600 and 0x8602 set many at a time, and may replace those there were; 0x8604 and 0x8606 set one. */
const SETS: { readonly [msgId: number]: AreaKind } = {
  34304: 'circles',
  34306: 'rectangles',
  34308: 'polygons',
  34310: 'routes',
};
const DELETES: { readonly [msgId: number]: AreaKind } = {
  34305: 'circles',
  34307: 'rectangles',
  34309: 'polygons',
  34311: 'routes',
};

/** Does what a message says about areas and routes; null where it is about something else, false where it is full. */
export function keepAreas(memory: TerminalMemory, msgId: number, body: Body): boolean | null {
  const deletes = DELETES[msgId];
  if (deletes) {
    const ids = listOf(body.ids).map(Number);
    if (ids.length === 0) memory.areas[deletes].clear();
    for (const id of ids) memory.areas[deletes].delete(id);
    return true;
  }
  const sets = SETS[msgId];
  if (!sets) return null;
  const kept = memory.areas[sets];
  const many = sets === 'circles' || sets === 'rectangles';
  if (many && body.op === REPLACE) kept.clear();
  for (const area of many ? (listOf(body.areas) as readonly Body[]) : [body]) kept.set(Number(area.id), area);
  return kept.size <= MAX_KEPT;
}

/** 0x0608: those asked for, or all of the kind, each in the message that would set it. */
export function areasAnswer(memory: TerminalMemory, body: Body): Body {
  const queryType = Number(body.queryType);
  const kind = AREA_KINDS[queryType as keyof typeof AREA_KINDS];
  const ids = new Set(listOf(body.ids).map(Number));
  const found = kind
    ? [...memory.areas[kind].values()].filter((area) => ids.size === 0 || ids.has(Number(area.id)))
    : [];
  const many = kind === 'circles' || kind === 'rectangles';
  const messages = many ? found.map((area) => ({ op: REPLACE, areas: [area] })) : found;
  return { queryType, content: { messages } };
}
