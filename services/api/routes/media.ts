import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { contentExtension } from '../../media/content-type.ts';
import { MediaFilesFault } from '../../media/media-files.ts';
import type { MediaFile, MediaQuery, StoredMedia } from '../../store/media-store.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, userWhoMay, userWithShareIn } from '../app-types.ts';
import type { MediaView } from '../contract.ts';
import { maySeeMedia } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { mediaView } from '../views/media-view.ts';
import { readByteRange } from './byte-range.ts';
import { readCursor, readList, readTime, writeCursor } from './query.ts';

/** Media read at most for one page: where the asker may see few of many, the page is short and has a next. */
const MAX_READ = 2_000;
const READ_AT_ONCE = 200;

const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) });

/**
 * Photos and recordings. They show people, children among them: every look is written to the audit log before it is
 * answered, and nothing that came from a terminal can act as a page of ours.
 */
export function mediaRoutes(app: App, { store, mediaFiles, facts, now }: ApiParts): void {
  const audit = (request: FastifyRequest, user: User, action: string, subject: string, detail: unknown) =>
    store.audit.append({ at: now(), userId: user.id, action, subject, detail, remote: request.ip });

  const visible = async (user: User, id: string): Promise<StoredMedia> => {
    const media = await store.media.get(id);
    if (!media || !maySeeMedia(user, facts(), media)) throw new ProblemError('not-found');
    return media;
  };

  app.get(
    '/media',
    {
      schema: {
        tags: ['media'],
        summary: 'Photos and recordings of terminals, newest first. Every look is audited',
        querystring: Type.Object({
          vehicle: Type.Optional(Type.String({ description: 'Ids with commas between' })),
          from: Type.Optional(Type.String({ description: 'Made at or after; ISO 8601 with zone' })),
          to: Type.Optional(Type.String({ description: 'Made at or before; ISO 8601 with zone' })),
          finding: Type.Optional(Type.String({ maxLength: 300, description: 'Id of an alert' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          before: Type.Optional(
            Type.String({ maxLength: 600, description: 'The `next` of an earlier page' }),
          ),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Ref('Media')),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request): Promise<{ items: MediaView[]; next: string | null }> => {
      const user = userWithShareIn(request, 'media');
      const { query } = request;
      const limit = query.limit ?? 50;
      const filter = filterOf(query);
      const plan = facts();
      const items: StoredMedia[] = [];
      const cursor = readCursor(query.before);
      let before = cursor && { time: cursor.start, id: cursor.id };
      let more = true;
      for (let read = 0; items.length < limit && more && read < MAX_READ; ) {
        const wanted = Math.max(limit - items.length + 1, READ_AT_ONCE);
        const page = await store.media.list({ ...filter, limit: wanted, ...(before ? { before } : {}) });
        read += page.length;
        more = page.length === wanted;
        for (const [index, media] of page.entries()) {
          before = { time: media.time, id: media.id };
          if (maySeeMedia(user, plan, media)) items.push(media);
          if (items.length === limit) {
            more ||= index < page.length - 1;
            break;
          }
        }
      }
      const asked = query.finding ?? query.vehicle ?? 'all in reach';
      await audit(request, user, 'media-list', asked, { media: items.map(({ id }) => id) });
      return {
        items: items.map((media) => mediaView(plan, media)),
        next: more && before ? writeCursor(before.time, before.id) : null,
      };
    },
  );

  app.get(
    '/media/:id',
    {
      schema: {
        tags: ['media'],
        summary: 'What is known of one photo or recording',
        params: Id,
        response: { 200: Type.Ref('Media'), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request): Promise<MediaView> => {
      const user = userWithShareIn(request, 'media');
      const media = await visible(user, request.params.id);
      await audit(request, user, 'media-look', media.id, { vehicle: media.vehicle });
      return mediaView(facts(), media);
    },
  );

  app.get(
    '/media/:id/content',
    {
      // Ranges are of the bytes as they are; photos would not become smaller either.
      compress: false,
      schema: {
        tags: ['media'],
        summary: 'Its bytes; takes `Range`',
        params: Id,
        response: {
          200: { description: 'All of it' },
          206: { description: 'The bytes asked for' },
          304: { description: 'As the asker has it' },
          ...refusals(400, 401, 403, 404, 416, 503),
        },
      },
    },
    async (request, reply) => {
      const user = userWithShareIn(request, 'media');
      const media = await visible(user, request.params.id);
      const file = found(media.file);
      const etag = `"${file.sha256}"`;
      contentHeaders(reply, media, file, etag);
      await audit(request, user, 'media-read', media.id, {
        vehicle: media.vehicle,
        range: request.headers.range ?? null,
      });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const stale = request.headers['if-range'] !== undefined && request.headers['if-range'] !== etag;
      const range = stale ? null : readByteRange(request.headers.range, file.bytes);
      if (range === 'unsatisfiable')
        throw new ProblemError('range', undefined, { headers: { 'content-range': `bytes */${file.bytes}` } });
      const stream = found(await reachable(mediaFiles.get(file.key, range ?? undefined)));
      if (range) {
        reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
        reply.header('content-length', range.end - range.start + 1);
      } else reply.header('content-length', file.bytes);
      return reply.send(stream);
    },
  );

  app.post(
    '/media/:id/hold',
    {
      schema: {
        tags: ['media'],
        summary: 'Keeps it beyond its retention, as evidence, or releases it',
        params: Id,
        body: Type.Object({ held: Type.Boolean() }, { additionalProperties: false }),
        response: { 200: Type.Ref('Media'), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request): Promise<MediaView> => {
      const user = userWhoMay(request, 'hold');
      const { id } = await visible(user, request.params.id);
      const { held } = request.body;
      await audit(request, user, held ? 'media-hold' : 'media-release', id, {});
      return mediaView(facts(), found(await store.media.hold(id, held)));
    },
  );
}

/**
 * A terminal's bytes are shown as what they were found to be, or saved; they are never sniffed, never a page, and
 * never run.
 */
function contentHeaders(reply: FastifyReply, media: StoredMedia, file: MediaFile, etag: string): void {
  const { contentType } = file;
  const { shown } = mediaView(null, media);
  const time = new Date(media.time + 8 * 3_600_000).toISOString().replace(/[-:]|\..*/g, '');
  const name = `${media.vehicle}-${time}-${media.channel}.${contentExtension(contentType)}`;
  reply
    .type(contentType)
    .header(
      'content-disposition',
      `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
    )
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'private, no-cache')
    .header('accept-ranges', 'bytes')
    .header('etag', etag);
}

async function reachable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof MediaFilesFault)) throw error;
    throw new ProblemError('unavailable', 'The store of photos and recordings cannot be reached.', {
      headers: { 'retry-after': '5' },
    });
  }
}

function filterOf(query: {
  vehicle?: string;
  from?: string;
  to?: string;
  finding?: string;
}): Omit<MediaQuery, 'limit' | 'before'> {
  const vehicles = readList(query.vehicle);
  const from = readTime('from', query.from);
  const to = readTime('to', query.to);
  return {
    ...(vehicles ? { vehicles } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(query.finding ? { finding: query.finding } : {}),
  };
}
