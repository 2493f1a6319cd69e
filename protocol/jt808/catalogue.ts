import { compileReader, type Reader } from './compile/compile-reader.ts';
import { type BodyWriter, compileWriter } from './compile/compile-writer.ts';
import type { Layout, MessageDescription } from './describe/message-description.ts';
import type { Version } from './message.ts';
import * as general from './messages/general.ts';
import * as location from './messages/location.ts';
import * as parameters from './messages/parameters.ts';
import * as registration from './messages/registration.ts';

/** A layout in one edition, compiled when first needed. */
export class CompiledLayout {
  readonly layout: Layout;
  readonly version: Version;
  private reader: Reader | null = null;
  private tracingReader: Reader | null = null;
  private writer: BodyWriter | null = null;

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

  get write(): BodyWriter {
    this.writer ??= compileWriter(this.layout.fields, this.version);
    return this.writer;
  }
}

/** One message with its layouts, the first of an edition being the one that is sent. */
export interface CatalogueEntry {
  readonly description: MessageDescription;
  readonly byVersion: Readonly<Record<Version, readonly CompiledLayout[]>>;
}

const isDescription = (value: unknown): value is MessageDescription =>
  typeof value === 'object' && value !== null && 'layouts' in value;

/** Every message known, in order of id. To add one, describe it in a file of `messages` and name the file here. */
export const descriptions: readonly MessageDescription[] = [general, location, parameters, registration]
  .flatMap((family) => Object.values(family as Record<string, unknown>).filter(isDescription))
  .sort((a, b) => a.id - b.id);

function entryOf(description: MessageDescription): CatalogueEntry {
  const compiled = (version: Version) =>
    description.layouts
      .filter((layout) => layout.versions.includes(version))
      .map((layout) => new CompiledLayout(layout, version));
  return {
    description,
    byVersion: { '2011': compiled('2011'), '2013': compiled('2013'), '2019': compiled('2019') },
  };
}

const entries = new Map(descriptions.map((description) => [description.id, entryOf(description)]));

export function catalogueEntry(msgId: number): CatalogueEntry | undefined {
  return entries.get(msgId);
}

/** English name of a message, or `unknown`. */
export function messageName(msgId: number): string {
  return entries.get(msgId)?.description.name ?? 'unknown';
}
