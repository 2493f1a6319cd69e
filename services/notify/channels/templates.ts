import type { NoticeKind } from '../notice-kinds.ts';
import type { Rendered } from '../render.ts';
import type { NoticeFacts } from '../words.ts';

/** A field of a notice that a template takes. */
export type TemplateField = keyof NoticeFacts | 'title' | 'text';

export const TEMPLATE_FIELDS: readonly TemplateField[] = [
  'title',
  'text',
  'route',
  'stop',
  'school',
  'vehicle',
  'plates',
  'minutes',
  'stops',
  'delayMin',
  'level',
  'expected',
  'when',
  'time',
  'start',
  'date',
  'mergedInto',
  'rule',
  'severity',
];

/** Templates that a provider has approved, by kind of notice; `default` for those that have none of their own. */
export type Templates<T> = { readonly [kind in NoticeKind | 'default']?: T };

export const templateOf = <T>(templates: Templates<T>, kind: NoticeKind): T | undefined =>
  templates[kind] ?? templates.default;

/** Providers refuse a variable that is empty or too long. */
export function fieldOf({ title, text, facts }: Rendered, field: TemplateField, most: number): string {
  const value = field === 'title' ? title : field === 'text' ? text : String(facts[field]);
  const characters = [...value];
  return characters.length === 0
    ? '-'
    : characters.length <= most
      ? value
      : `${characters.slice(0, most - 1).join('')}…`;
}
