import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { makePack, packPdf, packZip } from '../../evidence/make-pack.ts';
import type { PackSummary, PositionHold, StoredPack } from '../../store/evidence-store.ts';
import type { StoredFinding, User } from '../../store/store.ts';
import { type ApiParts, type App, userWhoMay } from '../app-types.ts';
import type { AlertView, EvidencePackView, PositionHoldView } from '../contract.ts';
import { trackAccess } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { EvidencePackSchema, PositionHoldSchema } from '../schemas/desk.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';
import { storedAlertView } from '../views/alert-view.ts';
import { AlertId, deskOf, Note, noteOf } from './desk-parts.ts';
import { readTime } from './query.ts';

const PackId = Type.Object({ id: Type.String({ pattern: '^[0-9a-f-]{36}$' }) });
const MAX_HOLD_MS = 31 * 86_400_000;
const strict = { additionalProperties: false };

/** Evidence packs and legal holds. Every making and every opening is in the audit log. */
export function evidenceRoutes(app: App, parts: ApiParts): void {
  const { store, facts, now, mediaFiles } = parts;
  const { visible, audit, act } = deskOf(parts);

  const make = async (request: FastifyRequest, user: User, alert: StoredFinding): Promise<StoredPack> => {
    const pack = await makePack({ store, facts: facts(), alert, by: user, at: now() });
    await audit(request, user, 'evidence-make', alert.finding.id, { pack: pack.id, head: pack.head });
    return pack;
  };

  /** Whoever sees the alert sees its packs. */
  const open = async (request: FastifyRequest, id: string): Promise<StoredPack> => {
    const user = userWhoMay(request, 'evidence');
    const pack = found(await store.evidence.pack(id));
    await visible(user, pack.alertId);
    await audit(request, user, 'evidence-open', pack.alertId, { pack: pack.id });
    return pack;
  };

  app.post(
    '/alerts/:id/evidence',
    {
      schema: {
        tags: ['evidence'],
        summary: 'Make an evidence pack: what is known of the alert, hash-chained; holds what it rests on',
        params: AlertId,
        response: { 201: EvidencePackSchema, ...refusals(401, 403, 404) },
      },
    },
    async (request, reply): Promise<EvidencePackView> => {
      const user = userWhoMay(request, 'evidence');
      const alert = await visible(user, request.params.id);
      const pack = await make(request, user, alert);
      const detail = { pack: pack.id, head: pack.head };
      await act(request, user, alert.finding.id, 'evidence', (doing) => [
        { ...doing, act: 'evidence', detail },
      ]);
      reply.code(201);
      return packView(pack);
    },
  );

  app.get(
    '/alerts/:id/evidence',
    {
      schema: {
        tags: ['evidence'],
        summary: 'Packs that were made of the alert, newest first',
        params: AlertId,
        response: { 200: Type.Object({ items: Type.Array(EvidencePackSchema) }), ...refusals(401, 403, 404) },
      },
    },
    async (request): Promise<{ items: EvidencePackView[] }> => {
      const user = userWhoMay(request, 'evidence');
      const { finding } = await visible(user, request.params.id);
      const packs = await store.evidence.packs({ alert: finding.id, limit: 50 });
      return { items: packs.map(packView) };
    },
  );

  app.post(
    '/alerts/:id/hand-over',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Hand it over to the police, with an evidence pack that is made now',
        params: AlertId,
        body: Type.Object(
          {
            office: Type.String({ minLength: 1, maxLength: 200, description: 'To whom' }),
            caseNo: Type.Optional(Type.String({ maxLength: 100 })),
            note: Note,
          },
          strict,
        ),
        response: { 200: Type.Ref('Alert'), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request): Promise<AlertView> => {
      const user = userWhoMay(request, 'evidence');
      const alert = await visible(user, request.params.id);
      const { office, caseNo, note } = request.body;
      const pack = await make(request, user, alert);
      const said = noteOf(note);
      const detail = {
        office,
        ...(caseNo ? { caseNo } : {}),
        ...(said ? { note: said } : {}),
        pack: pack.id,
        head: pack.head,
      };
      const stored = await act(request, user, alert.finding.id, 'hand-over', (doing) => [
        { ...doing, act: 'hand_over', detail },
      ]);
      return storedAlertView(facts(), stored);
    },
  );

  for (const [ending, type, render] of [
    ['pdf', 'application/pdf', packPdf],
    ['zip', 'application/zip', packZip],
  ] as const) {
    app.get(
      `/evidence/:id/pack.${ending}`,
      {
        compress: false,
        schema: {
          tags: ['evidence'],
          summary: ending === 'pdf' ? 'The pack to print' : 'The pack with manifest and photos. Audited',
          params: PackId,
          response: { 200: { description: 'The file' }, ...refusals(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const pack = await open(request, request.params.id);
        const bytes = await render(pack, { store, files: mediaFiles });
        return reply.type(type).headers(downloadHeaders(pack, ending)).send(Buffer.from(bytes));
      },
    );
  }

  app.get(
    '/evidence/:id/manifest.jsonl',
    {
      schema: {
        tags: ['evidence'],
        summary: 'The records of the pack, each with the hash of the one before. Audited',
        params: PackId,
        response: { 200: { description: 'One record a line' }, ...refusals(401, 403, 404) },
      },
    },
    async (request, reply: FastifyReply) => {
      const pack = await open(request, (request.params as { id: string }).id);
      reply.serializer((text: unknown) => String(text));
      return reply.type('application/x-ndjson').headers(downloadHeaders(pack, 'jsonl')).send(pack.chain);
    },
  );

  app.post(
    '/vehicles/:id/holds',
    {
      schema: {
        tags: ['evidence'],
        summary: 'Keep the positions of a span beyond their retention, until they are released',
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        body: Type.Object(
          {
            from: Type.String({ description: 'ISO 8601 with zone' }),
            to: Type.String({ description: 'ISO 8601 with zone' }),
            reason: Type.String({ minLength: 1, maxLength: 500 }),
          },
          strict,
        ),
        response: { 201: PositionHoldSchema, ...refusals(400, 401, 403, 404) },
      },
    },
    async (request, reply): Promise<PositionHoldView> => {
      const user = userWhoMay(request, 'hold');
      const { id: vehicle } = request.params;
      const from = readTime('from', request.body.from) ?? 0;
      const to = readTime('to', request.body.to) ?? 0;
      if (from > to || to - from > MAX_HOLD_MS)
        throw new ProblemError('bad-request', 'at most 31 days at a time');
      seen(user, vehicle, from);
      const hold = found(
        await store.evidence.hold({
          id: randomUUID(),
          vehicle,
          from,
          to,
          reason: request.body.reason,
          alertId: null,
          heldAt: now(),
          heldBy: user.displayName,
        }),
      );
      await audit(request, user, 'position-hold', vehicle, { hold: hold.id });
      reply.code(201);
      return holdView(hold);
    },
  );

  app.get(
    '/holds',
    {
      schema: {
        tags: ['evidence'],
        summary: 'Positions that are held, newest first',
        querystring: Type.Object({
          vehicle: Type.Optional(Type.String({ maxLength: 200 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
        }),
        response: { 200: Type.Object({ items: Type.Array(PositionHoldSchema) }), ...refusals(401, 403) },
      },
    },
    async (request): Promise<{ items: PositionHoldView[] }> => {
      const user = userWhoMay(request, 'hold');
      const { vehicle, limit = 50 } = request.query;
      const holds = await store.evidence.holds({ ...(vehicle ? { vehicle } : {}), limit });
      return { items: holds.filter((hold) => sees(user, hold.vehicle, hold.from)).map(holdView) };
    },
  );

  app.post(
    '/holds/:id/release',
    {
      schema: {
        tags: ['evidence'],
        summary: 'Release held positions: they go when their retention says so',
        params: PackId,
        response: { 200: PositionHoldSchema, ...refusals(401, 403, 404) },
      },
    },
    async (request): Promise<PositionHoldView> => {
      const user = userWhoMay(request, 'hold');
      const hold = found(await store.evidence.holdById(request.params.id));
      seen(user, hold.vehicle, hold.from);
      await audit(request, user, 'position-release', hold.vehicle, { hold: hold.id });
      return holdView(found(await store.evidence.release(hold.id, user.displayName, now())));
    },
  );

  const sees = (user: User, vehicle: string, time: number): boolean =>
    trackAccess(user, facts(), vehicle)?.(time) ?? false;

  function seen(user: User, vehicle: string, time: number): void {
    if (!sees(user, vehicle, time)) throw new ProblemError('not-found');
  }
}

const downloadHeaders = ({ vehicle, madeAt }: PackSummary, ending: string) => {
  const stamp = isoTime(madeAt).slice(0, 19).replaceAll(/[-:T]/g, '');
  return {
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`evidence-${vehicle}-${stamp}.${ending}`)}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  };
};

const packView = ({
  id,
  alertId,
  vehicle,
  madeAt,
  userName,
  records,
  head,
}: PackSummary): EvidencePackView => ({
  id,
  alert: alertId,
  vehicle,
  madeAt: isoTime(madeAt),
  madeBy: userName,
  records,
  head,
});

const holdView = (hold: PositionHold): PositionHoldView => ({
  id: hold.id,
  vehicle: hold.vehicle,
  from: isoTime(hold.from),
  to: isoTime(hold.to),
  reason: hold.reason,
  alert: hold.alertId,
  heldAt: isoTime(hold.heldAt),
  heldBy: hold.heldBy,
  releasedAt: isoTimeOrNull(hold.releasedAt),
  releasedBy: hold.releasedBy,
});
