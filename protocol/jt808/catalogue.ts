import * as activeSafety from '../jsatl12/messages.ts';
import * as video from '../jt1078/messages.ts';
import * as unexplained from '../vendor/unexplained.ts';
import { compileReader, type Reader } from './compile/compile-reader.ts';
import { type BodyWriter, compileNameCheck, compileWriter } from './compile/compile-writer.ts';
import { type FieldData, type Fields, inVersion } from './describe/field.ts';
import type { Layout, MessageDescription } from './describe/message-description.ts';
import type { Version } from './message.ts';
import * as areas from './messages/areas.ts';
import * as attributes from './messages/attributes.ts';
import * as control from './messages/control.ts';
import * as driver from './messages/driver.ts';
import * as general from './messages/general.ts';
import * as information from './messages/information.ts';
import * as location from './messages/location.ts';
import * as media from './messages/media.ts';
import * as parameters from './messages/parameters.ts';
import * as recorder from './messages/recorder.ts';
import * as registration from './messages/registration.ts';

/** A layout in one edition, compiled when first needed. */
export class CompiledLayout {
  readonly layout: Layout;
  readonly version: Version;
  private reader: Reader | null = null;
  private tracingReader: Reader | null = null;
  private writer: BodyWriter | null = null;
  private fieldNames: ReadonlySet<string> | null = null;
  private nameCheck: ((body: object) => boolean) | null = null;

  constructor(layout: Layout, version: Version) {
    this.layout = layout;
    this.version = version;
  }

  get read(): Reader {
    this.reader ??= compileReader(this.layout.fields, this.version);
    return this.reader;
  }

  /** Tells the context of every field. */
  get readTraced(): Reader {
    this.tracingReader ??= compileReader(this.layout.fields, this.version, true);
    return this.tracingReader;
  }

  /** Names at the top of the body, readings of numbers included. */
  get names(): ReadonlySet<string> {
    this.fieldNames ??= new Set(namesOf(this.layout.fields, this.version));
    return this.fieldNames;
  }

  /** Has the layout all the fields of an object? */
  get knows(): (body: object) => boolean {
    this.nameCheck ??= compileNameCheck(this.names);
    return this.nameCheck;
  }

  get write(): BodyWriter {
    this.writer ??= compileWriter(this.layout.fields, this.version);
    return this.writer;
  }
}

function namesOf(fields: Fields, version: Version): string[] {
  return fields.flatMap((field) => {
    if (!inVersion(field, version) || field.kind === 'count') return [];
    if (field.kind === 'when') return namesOf(field.fields, version);
    const views = field.kind === 'number' ? (field.views ?? []).map((view) => view.name) : [];
    if (field.kind === 'bytes' && field.unzipped !== undefined) views.push(field.unzipped.name);
    return [field.name, ...views];
  });
}

/** One message with its layouts. */
export interface CatalogueEntry {
  readonly description: MessageDescription;
  /** Layouts of an edition, the one that is sent first. */
  readonly byVersion: Readonly<Record<Version, readonly CompiledLayout[]>>;
  /** Layouts to try on a body in turn: those of the edition, then those of the editions that may hide behind it. */
  readonly candidates: Readonly<Record<Version, readonly CompiledLayout[]>>;
}

const isDescription = (value: unknown): value is MessageDescription =>
  typeof value === 'object' && value !== null && 'layouts' in value;

const FAMILIES: readonly object[] = [
  general,
  registration,
  parameters,
  attributes,
  control,
  location,
  information,
  areas,
  recorder,
  driver,
  media,
  video,
  activeSafety,
  unexplained,
];

/** Every message known, in order of id. To add one, describe it in a file and name the file above. */
export const descriptions: readonly MessageDescription[] = FAMILIES.flatMap((family) =>
  Object.values(family).filter(isDescription),
).sort((a, b) => a.id - b.id);

/**
 * 2011 hides behind the header of 2013 and the other way round; some terminals put a body of 2013 under a header of
 * 2019. Messages that an edition lacks are read by the form that exists.
 */
const FALLBACKS: Readonly<Record<Version, readonly Version[]>> = {
  '2011': ['2011', '2013', '2019'],
  '2013': ['2013', '2011', '2019'],
  '2019': ['2019', '2013', '2011'],
};

function entryOf(description: MessageDescription): CatalogueEntry {
  const compiled = (version: Version) =>
    description.layouts
      .filter((layout) => layout.versions.includes(version))
      .map((layout) => new CompiledLayout(layout, version));
  const byVersion = { '2011': compiled('2011'), '2013': compiled('2013'), '2019': compiled('2019') };
  const candidates = (version: Version) => {
    const own = byVersion[version];
    const all = FALLBACKS[version].flatMap((edition) => byVersion[edition]);
    return all.filter((one, i) => i < own.length || differs(one, all.slice(0, i)));
  };
  return {
    description,
    byVersion,
    candidates: { '2011': candidates('2011'), '2013': candidates('2013'), '2019': candidates('2019') },
  };
}

/** Does a layout read bodies otherwise than those before it? */
function differs(one: CompiledLayout, before: readonly CompiledLayout[]): boolean {
  const same = before.filter((other) => other.layout === one.layout);
  return same.length === 0 || same.every((other) => shape(other) !== shape(one));
}

/** Which of the edition-bound fields are there. */
function shape(compiled: CompiledLayout): string {
  const walk = (fields: Fields): string =>
    fields.map((field) => (inVersion(field, compiled.version) ? `+${inner(field)}` : '-')).join('');
  const inner = (field: FieldData): string =>
    'fields' in field
      ? `(${walk(field.fields)})`
      : field.kind === 'choice'
        ? Object.values(field.cases).map(walk).join('|')
        : '';
  return walk(compiled.layout.fields);
}

const entries = new Map(descriptions.map((description) => [description.id, entryOf(description)]));

export function catalogueEntry(msgId: number): CatalogueEntry | undefined {
  return entries.get(msgId);
}

/** English name of a message, or `unknown`. */
export function messageName(msgId: number): string {
  return entries.get(msgId)?.description.name ?? 'unknown';
}
