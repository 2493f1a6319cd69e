import { createHash, timingSafeEqual } from 'node:crypto';
import { Type } from 'typebox';
import type { AliyunReport } from '../../notify/channels/aliyun-sms.ts';
import type { TencentReport } from '../../notify/channels/tencent-sms.ts';
import { render } from '../../notify/render.ts';
import { settingsOf } from '../../notify/settings.ts';
import type { StoredNotice } from '../../store/notice-store.ts';
import { type ApiParts, type App, userOf, userWho } from '../app-types.ts';
import type { NoticeView } from '../family-contract.ts';
import { decidesPrivacy, hasFamily, mayBeTold } from '../policy/notice-policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, textOrNull, words } from '../schemas/basics.ts';
import { NoticeView as NoticeSchema } from '../schemas/notices.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';
import { readSpan } from './query.ts';

const MOST_NOTICES = 100;
const MOST_REPORTS = 500;
const MAX_STATUS_MS = 92 * 86_400_000;

/** What was sent, and what became of it: as families see it, as providers report it, as a whole. */
export function familyNoticeRoutes(app: App, parts: ApiParts): void {
  const { store, facts, now, notices } = parts;

  app.get(
    '/family/notices',
    {
      schema: {
        tags: ['family'],
        summary: 'The newest notices of this guardian, and what became of them',
        response: { 200: Type.Object({ items: Type.Array(NoticeSchema) }), ...refusals(401, 403) },
      },
    },
    async (request): Promise<{ items: NoticeView[] }> => {
      const user = userWho(request, hasFamily);
      const { language } = settingsOf(await store.notifyPeople.settings(user.id), user.language, false);
      const stored = await store.notices.ofPerson(user.id, MOST_NOTICES);
      const plan = facts()?.plan ?? null;
      const view = (notice: StoredNotice): NoticeView => {
        const at = notice.handedAt ?? notice.createdAt;
        const { title, text } = render(notice.kind, notice.payload, language, plan, at);
        return {
          id: notice.id,
          kind: notice.kind,
          rider: notice.rider,
          at: isoTime(notice.createdAt),
          title,
          text,
          state: notice.state,
          channel: notice.channel,
          handedAt: isoTimeOrNull(notice.handedAt),
          deliveredAt: isoTimeOrNull(notice.deliveredAt),
          openedAt: isoTimeOrNull(notice.openedAt),
        };
      };
      return { items: stored.map(view) };
    },
  );

  const opened = (path: string, who: typeof hasFamily): void => {
    app.post(
      path,
      {
        schema: {
          tags: [path.split('/')[1] ?? ''],
          summary: 'Says that it was opened; from the service worker',
          params: Type.Object({ id: Type.String({ pattern: '^\\d{8}-\\d{1,15}$' }) }),
          response: { 204: Type.Null(), ...refusals(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const user = userWho(request, who);
        const { id } = request.params as { id: string };
        if (!(await store.notices.opened(user.id, id, now()))) throw new ProblemError('not-found');
        return reply.code(204).send(null);
      },
    );
  };
  opened('/family/notices/:id/opened', hasFamily);
  opened('/notify/notices/:id/opened', mayBeTold);

  app.get(
    '/notify/status',
    {
      schema: {
        tags: ['notify'],
        summary: 'How many notices of each kind came to what, and how fast they were handed over',
        querystring: Type.Object({ from: Type.Optional(Type.String()), to: Type.Optional(Type.String()) }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                kind: Type.String(),
                state: Type.String(),
                channel: textOrNull(),
                count: Type.Integer(),
                medianMs: Type.Union([Type.Number(), Type.Null()]),
                p95Ms: Type.Union([Type.Number(), Type.Null()]),
              }),
            ),
          }),
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request) => {
      const user = userWho(request, decidesPrivacy);
      // Counts of everybody: of one school they would have to be of its children alone.
      if (userOf(request).role !== 'admin' || user.disabled) throw new ProblemError('forbidden');
      const to = now();
      const span = readSpan(request.query, { from: to - 86_400_000, to }, MAX_STATUS_MS);
      return { items: await store.notices.status(span.from, span.to) };
    },
  );

  app.post(
    '/notify/receipts/:provider/:secret',
    {
      config: { open: true },
      schema: {
        tags: ['notify'],
        summary: 'Where the provider of text messages reports deliveries; the address is known to it alone',
        params: Type.Object({
          provider: words(['aliyun', 'tencent'] as const),
          secret: Type.String({ maxLength: 200 }),
        }),
        body: Type.Array(Type.Unknown(), { maxItems: MOST_REPORTS }),
        response: { 200: Type.Unknown(), ...refusals(400, 404) },
      },
    },
    async (request) => {
      const { provider, secret } = request.params;
      if (!isSecret(secret, notices.receipts?.receiptSecret)) throw new ProblemError('not-found');
      for (const report of request.body) {
        const said =
          provider === 'aliyun' ? ofAliyun(report as AliyunReport) : ofTencent(report as TencentReport);
        if (said) await store.notices.receipt('sms', said.id, said.state, now(), said.reason);
      }
      return provider === 'aliyun' ? { code: 0, msg: 'ok' } : { result: 0, errmsg: 'OK' };
    },
  );
}

interface Said {
  readonly id: string;
  readonly state: 'delivered' | 'failed';
  readonly reason: string | null;
}

function ofAliyun({ biz_id, success, err_code }: AliyunReport): Said | null {
  if (typeof biz_id !== 'string') return null;
  return success === true
    ? { id: biz_id, state: 'delivered', reason: null }
    : { id: biz_id, state: 'failed', reason: String(err_code ?? '') };
}

function ofTencent({ sid, report_status, errmsg }: TencentReport): Said | null {
  if (typeof sid !== 'string') return null;
  return report_status === 'SUCCESS'
    ? { id: sid, state: 'delivered', reason: null }
    : { id: sid, state: 'failed', reason: String(errmsg ?? '') };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isSecret = (given: string, expected: string | undefined): boolean =>
  expected !== undefined && timingSafeEqual(digest(given), digest(expected));
