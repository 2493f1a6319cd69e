import { Type } from 'typebox';
import { type ApiParts, type App, personOf, userWhoMay } from '../app-types.ts';
import type { AuditEntryView } from '../contract.ts';
import { refusals, textOrNull, time } from '../schemas/basics.ts';
import { isoTime } from '../time.ts';
import { readTime } from './query.ts';

const Entry = Type.Object({
  seq: Type.Integer(),
  at: time(),
  userId: textOrNull('An account, or `key:` and the id of a key; null where nobody was let in'),
  user: textOrNull('The login, as it is now'),
  action: Type.String(),
  subject: Type.String(),
  detail: Type.Unknown(),
  remote: Type.String(),
});

/** Who did and saw what. Nothing of it can be changed or removed; that it was read is itself in it. */
export function auditRoutes(app: App, { store, now }: ApiParts): void {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['users'],
        summary: 'The audit log, newest first',
        querystring: Type.Object({
          user: Type.Optional(
            Type.String({ maxLength: 100, description: 'A login, or the id of an account' }),
          ),
          action: Type.Optional(Type.String({ maxLength: 100 })),
          subject: Type.Optional(Type.String({ maxLength: 300 })),
          from: Type.Optional(Type.String({ description: 'At or after; ISO 8601 with zone' })),
          to: Type.Optional(Type.String({ description: 'Before; ISO 8601 with zone' })),
          before: Type.Optional(Type.Integer({ minimum: 1, description: 'The `next` of an earlier page' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Entry),
            next: Type.Union([Type.Integer(), Type.Null()]),
          }),
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request): Promise<{ items: AuditEntryView[]; next: number | null }> => {
      const reader = userWhoMay(request, 'audit');
      personOf(request);
      const { user, action, subject, before, limit = 50 } = request.query;
      const from = readTime('from', request.query.from);
      const to = readTime('to', request.query.to);
      // Whoever is not known as a login is asked for as an id, so that those who are gone are found too.
      const userId = user === undefined ? undefined : ((await store.users.byLogin(user))?.user.id ?? user);
      const rows = await store.audit.search({
        ...(userId === undefined ? {} : { userId }),
        ...(action === undefined ? {} : { action }),
        ...(subject === undefined ? {} : { subject }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(before === undefined ? {} : { before }),
        limit: limit + 1,
      });
      await store.audit.append({
        at: now(),
        userId: reader.id,
        action: 'audit-read',
        subject: 'audit',
        detail: { user: user ?? null, action: action ?? null, subject: subject ?? null },
        remote: request.ip,
      });
      const logins = new Map<string, string>();
      for (const id of new Set(rows.flatMap((row) => row.userId ?? [])))
        logins.set(id, (await store.users.byId(id))?.login ?? id);
      const items = rows.slice(0, limit).map(({ at, ...row }) => ({
        ...row,
        at: isoTime(at),
        user: row.userId === null ? null : (logins.get(row.userId) ?? null),
      }));
      return { items, next: rows.length > limit ? (items.at(-1)?.seq ?? null) : null };
    },
  );
}
