import { Type } from 'typebox';
import { type ApiParts, type App, planInForce, userOf } from '../app-types.ts';
import { boardingAccess, hasPartInBoardings } from '../policy/boarding-policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { keyOf } from './boardings.ts';
import { momentOf, runOfDay } from './run-of-day.ts';

/** A phone makes its photo smaller than this before it sends it. */
const MOST_BYTES = 512 * 1024;
const TYPES = ['image/jpeg', 'image/webp', 'image/png'];

/** Photos of the rear seat at the end of a run; sent before the `walk_through` that they prove, under its id. */
export async function walkThroughPhotoRoutes(app: App, { store, facts, now }: ApiParts): Promise<void> {
  const PATH = '/trips/:id/boardings/:event/photo';
  const params = Type.Object({
    id: Type.String({ maxLength: 300 }),
    event: Type.String({ minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
  });
  const querystring = Type.Object({
    date: Type.Optional(Type.String({ pattern: '^\\d{4}-?\\d{2}-?\\d{2}$' })),
  });

  const runSeen = (user: ReturnType<typeof userOf>, trip: string, date: string | undefined) => {
    if (!hasPartInBoardings(user)) throw new ProblemError('forbidden');
    const plan = planInForce(facts());
    const time = momentOf(date, plan, now());
    const run = runOfDay(plan, trip, time);
    if (!run || !boardingAccess(user, plan, run, time)?.crew) throw new ProblemError('not-found');
    return run;
  };

  await app.register(async (scope: App) => {
    scope.addContentTypeParser(TYPES, { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    scope.put(
      PATH,
      {
        bodyLimit: MOST_BYTES,
        schema: {
          tags: ['boardings'],
          summary: 'Keeps the photo that proves a walk-through, once',
          consumes: TYPES,
          params,
          querystring,
          response: { 204: Type.Null(), ...refusals(400, 401, 403, 404, 413, 415) },
        },
      },
      async (request, reply) => {
        const user = userOf(request);
        const run = runSeen(user, request.params.id, request.query.date);
        const contentType = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
        const bytes = request.body;
        if (!TYPES.includes(contentType) || !(bytes instanceof Uint8Array))
          throw new ProblemError('unsupported-media-type', `It takes ${TYPES.join(', ')}.`);
        if (!isPicture(bytes)) throw new ProblemError('bad-request', 'These are not the bytes of a photo.');
        await store.boardings.keepPhoto(keyOf(run), request.params.event, user.id, now(), {
          contentType,
          bytes,
        });
        return reply.code(204).send(null);
      },
    );
  });

  app.get(
    PATH,
    {
      schema: {
        tags: ['boardings'],
        summary: 'The photo that proves a walk-through; every look is audited',
        params,
        querystring,
        response: { 200: { description: 'The photo' }, ...refusals(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const user = userOf(request);
      const run = runSeen(user, request.params.id, request.query.date);
      const photo = await store.boardings.photo(keyOf(run), request.params.event);
      if (!photo) throw new ProblemError('not-found');
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'walk-through-photo-read',
        subject: run.trip.id,
        detail: { serviceDate: run.serviceDate, event: request.params.event },
        remote: request.ip,
      });
      return reply
        .header('cache-control', 'private, no-store')
        .header('x-content-type-options', 'nosniff')
        .type(photo.contentType)
        .serializer((value: unknown) => value as string)
        .send(Buffer.from(photo.bytes) as never);
    },
  );
}

/** By its first bytes: JPEG, PNG or WebP. */
function isPicture(bytes: Uint8Array): boolean {
  const starts = (...first: number[]) => first.every((byte, i) => bytes[i] === byte);
  return starts(0xff, 0xd8, 0xff) || starts(0x89, 0x50, 0x4e, 0x47) || starts(0x52, 0x49, 0x46, 0x46);
}
