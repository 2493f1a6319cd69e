import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import {
  CONSENT_TEXTS,
  type ConsentPurpose,
  type ConsentText,
  consentText,
  textDigest,
} from '../../privacy/consent-texts.ts';
import { carryOutErasure } from '../../privacy/erase.ts';
import { exportRider } from '../../privacy/export-rider.ts';
import type { ConsentNow, PrivacyRequest } from '../../store/privacy-store.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userWho } from '../app-types.ts';
import type { ConsentView, LookView, PrivacyRequestView } from '../family-contract.ts';
import { decidesPrivacy, hasFamily } from '../policy/notice-policy.ts';
import { maySeeRider } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import {
  ConsentBody,
  ConsentView as ConsentSchema,
  LookView as LookSchema,
  PrivacyRequestView as PrivacyRequestSchema,
  RequestBody,
} from '../schemas/notices.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';

const MOST_REQUESTS = 100;
const LOOKS_AT_ONCE = 100;
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Language = Type.Optional(words(['zh', 'en'] as const));

/** Consent, who looked, and what a family asks of its child's data. */
export function familyPrivacyRoutes(app: App, parts: ApiParts): void {
  const { store, facts, now } = parts;

  const audit = (user: User, action: string, subject: string, detail: object, remote: string) =>
    store.audit.append({ at: now(), userId: user.id, action, subject, detail, remote });

  const consents = async (user: User, language: 'zh' | 'en'): Promise<ConsentView[]> => {
    const given = new Map((await store.privacy.consents(user.id)).map((one) => [one.purpose, one]));
    return CONSENT_TEXTS.map((text) => consentView(text, given.get(text.purpose), language));
  };

  app.get(
    '/family/consents',
    {
      schema: {
        tags: ['family'],
        summary: 'What can be agreed to, in the words that hold now, and what was',
        querystring: Type.Object({ language: Language }),
        response: { 200: Type.Object({ items: Type.Array(ConsentSchema) }), ...refusals(401, 403) },
      },
    },
    async (request) => {
      const user = userWho(request, hasFamily);
      return { items: await consents(user, request.query.language ?? user.language) };
    },
  );

  app.post(
    '/family/consents',
    {
      schema: {
        tags: ['family'],
        summary: 'Agrees to one purpose, or withdraws; every step is kept',
        body: ConsentBody,
        response: { 200: Type.Object({ items: Type.Array(ConsentSchema) }), ...refusals(400, 401, 403, 409) },
      },
    },
    async (request) => {
      const user = userWho(request, hasFamily);
      const { purpose, version, granted, language = user.language } = request.body;
      const text = consentText(purpose as ConsentPurpose);
      if (granted && version !== text.version)
        throw new ProblemError('conflict', 'The words have changed; show them again.');
      await store.privacy.recordConsent({
        at: now(),
        userId: user.id,
        purpose,
        version,
        granted,
        riders: user.riderIds,
        textSha256: textDigest(text[language]),
        remote: request.ip,
      });
      const action = granted ? 'consent-give' : 'consent-withdraw';
      await audit(user, action, purpose, { version }, request.ip);
      return { items: await consents(user, language) };
    },
  );

  app.get(
    '/family/access-log',
    {
      schema: {
        tags: ['family'],
        summary: 'Who looked at the data of one child, and when: the role, never the name of staff',
        querystring: Type.Object({
          rider: Type.String({ minLength: 1, maxLength: 200 }),
          before: Type.Optional(Type.Integer({ minimum: 1 })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(LookSchema),
            next: Type.Union([Type.Integer(), Type.Null()]),
          }),
          ...refusals(400, 401, 403, 404),
        },
      },
    },
    async (request): Promise<{ items: LookView[]; next: number | null }> => {
      const user = userWho(request, hasFamily);
      const { rider, before } = request.query;
      if (!user.riderIds.includes(rider)) throw new ProblemError('not-found');
      const looks = await store.privacy.looks(rider, LOOKS_AT_ONCE, before);
      return {
        items: looks.map(({ at, action, userId, role }) => ({
          at: isoTime(at),
          who: userId === user.id ? 'you' : (role ?? 'unknown'),
          action,
        })),
        next: looks.length === LOOKS_AT_ONCE ? looks.at(-1)!.seq : null,
      };
    },
  );

  app.get(
    '/family/requests',
    {
      schema: {
        tags: ['family'],
        summary: 'What this guardian asked for: a copy of a child’s data, or that it be erased',
        response: { 200: Type.Object({ items: Type.Array(PrivacyRequestSchema) }), ...refusals(401, 403) },
      },
    },
    async (request) => {
      const user = userWho(request, hasFamily);
      return { items: (await store.privacy.requestsOf(user.id, MOST_REQUESTS)).map(requestView) };
    },
  );

  app.post(
    '/family/requests',
    {
      schema: {
        tags: ['family'],
        summary: 'Asks for it; the school confirms',
        body: RequestBody,
        response: { 200: PrivacyRequestSchema, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const user = userWho(request, hasFamily);
      const { kind, rider, note = null } = request.body;
      const child = planInForce(facts()).ridersById.get(rider)?.[0];
      if (!child || !user.riderIds.includes(rider)) throw new ProblemError('not-found');
      const id = randomUUID();
      const asked = { id, kind, rider, schoolId: child.schoolId, askedBy: user.id, askedAt: now(), note };
      if (!(await store.privacy.ask(asked)))
        throw new ProblemError('conflict', 'The same was asked for already and is not yet decided.');
      await audit(user, `privacy-ask-${kind}`, id, { riders: [rider] }, request.ip);
      return requestView(found(await store.privacy.request(id)));
    },
  );

  app.post(
    '/family/requests/:id/withdraw',
    {
      schema: {
        tags: ['family'],
        summary: 'Asks for it no more, as long as nobody has decided',
        params: Id,
        response: { 200: PrivacyRequestSchema, ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const user = userWho(request, hasFamily);
      const asked = await store.privacy.request(request.params.id);
      if (asked?.askedBy !== user.id) throw new ProblemError('not-found');
      if (!(await store.privacy.decide(asked.id, 'asked', 'withdrawn', user.id, now(), null)))
        throw new ProblemError('conflict', 'It has been decided already.');
      await audit(user, 'privacy-withdraw', asked.id, { riders: [asked.rider] }, request.ip);
      return requestView(found(await store.privacy.request(asked.id)));
    },
  );

  app.get(
    '/privacy/requests',
    {
      schema: {
        tags: ['privacy'],
        summary: 'What families of the own school ask for',
        querystring: Type.Object({
          state: Type.Optional(words(['asked', 'refused', 'withdrawn', 'confirmed', 'done'] as const)),
        }),
        response: { 200: Type.Object({ items: Type.Array(PrivacyRequestSchema) }), ...refusals(401, 403) },
      },
    },
    async (request) => {
      const user = userWho(request, decidesPrivacy);
      const rows = await store.privacy.requestsIn(request.query.state ?? 'asked', MOST_REQUESTS);
      return { items: rows.filter((row) => concerns(user, row)).map(requestView) };
    },
  );

  const concerns = (user: User, { rider, schoolId }: PrivacyRequest): boolean => {
    const plan = facts();
    return plan !== null && maySeeRider(user, plan, rider, schoolId);
  };

  const decided = async (
    user: User,
    id: string,
    to: 'confirmed' | 'refused',
    reason: string | null,
    remote: string,
  ): Promise<PrivacyRequestView> => {
    const asked = await store.privacy.request(id);
    if (!asked || !concerns(user, asked)) throw new ProblemError('not-found');
    if (!(await store.privacy.decide(id, 'asked', to, user.id, now(), reason)))
      throw new ProblemError('conflict', 'It has been decided already.');
    await audit(user, `privacy-${to}`, id, { kind: asked.kind, riders: [asked.rider] }, remote);
    if (to === 'confirmed' && asked.kind === 'erase') await carryOutErasure(parts, asked, user.id, now());
    return requestView(found(await store.privacy.request(id)));
  };

  app.post(
    '/privacy/requests/:id/confirm',
    {
      schema: {
        tags: ['privacy'],
        summary: 'The copy may be fetched, or the child’s data are erased now',
        params: Id,
        response: { 200: PrivacyRequestSchema, ...refusals(401, 403, 404, 409) },
      },
    },
    (request) => decided(userWho(request, decidesPrivacy), request.params.id, 'confirmed', null, request.ip),
  );

  app.post(
    '/privacy/requests/:id/refuse',
    {
      schema: {
        tags: ['privacy'],
        summary: 'It is refused, with the reason that the family is told',
        params: Id,
        body: Type.Object(
          { reason: Type.String({ minLength: 1, maxLength: 500 }) },
          { additionalProperties: false },
        ),
        response: { 200: PrivacyRequestSchema, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    (request) =>
      decided(
        userWho(request, decidesPrivacy),
        request.params.id,
        'refused',
        request.body.reason,
        request.ip,
      ),
  );

  app.get(
    '/family/requests/:id/export',
    {
      schema: {
        tags: ['family'],
        summary: 'The copy of the child’s data, as JSON, once the school has confirmed',
        params: Id,
        response: { 200: Type.Unknown(), ...refusals(401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const user = userWho(request, hasFamily);
      const asked = await store.privacy.request(request.params.id);
      if (asked?.askedBy !== user.id || asked.kind !== 'export') throw new ProblemError('not-found');
      if (!user.riderIds.includes(asked.rider)) throw new ProblemError('not-found');
      if (asked.state !== 'confirmed' && asked.state !== 'done')
        throw new ProblemError('conflict', 'The school has not confirmed it yet.');
      const copy = await exportRider({ store, facts: planInForce(facts()), now: now() }, asked.rider, user);
      await audit(user, 'privacy-export', asked.id, { riders: [asked.rider] }, request.ip);
      await store.privacy.decide(asked.id, 'confirmed', 'done', user.id, now(), null);
      return reply
        .header('content-disposition', `attachment; filename="busguard-${asked.id}.json"`)
        .header('cache-control', 'no-store')
        .send(copy);
    },
  );
}

function consentView(text: ConsentText, given: ConsentNow | undefined, language: 'zh' | 'en'): ConsentView {
  return {
    purpose: text.purpose,
    version: text.version,
    text: text[language],
    state: !given
      ? 'none'
      : !given.granted
        ? 'withdrawn'
        : given.version === text.version
          ? 'granted'
          : 'outdated',
    at: isoTimeOrNull(given?.at ?? null),
    riders: [...(given?.riders ?? [])],
  };
}

export const requestView = (asked: PrivacyRequest): PrivacyRequestView => ({
  id: asked.id,
  kind: asked.kind,
  rider: asked.rider,
  school: asked.schoolId,
  askedAt: isoTime(asked.askedAt),
  note: asked.note,
  state: asked.state,
  decidedAt: isoTimeOrNull(asked.decidedAt),
  reason: asked.reason,
  doneAt: isoTimeOrNull(asked.doneAt),
});
