import { PassThrough } from 'node:stream';
import { Type } from 'typebox';
import type { Finding } from '../../../geo/finding.ts';
import type { Report } from '../../../geo/report.ts';
import { unhandled } from '../../live/alert-handling.ts';
import { type AmendmentRow, columnsOf, readRows, writeRows } from '../../plan/amendment-rows.ts';
import { whatIf } from '../../replay/what-if.ts';
import type { PositionStore } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userWhoMay } from '../app-types.ts';
import type { AlertView, WhatIfMessage } from '../contract.ts';
import { camel } from '../plan-change.ts';
import { AMENDMENTS } from '../policy/amend-policy.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { alertView } from '../views/alert-view.ts';
import { type Body, rowOf } from './amendments.ts';
import { readSpan } from './query.ts';

const DAY_MS = 86_400_000;
const LONGEST_MS = 7 * DAY_MS;
/** Differences told one by one; the counts are of all. */
const MOST_TOLD = 1_000;
/** Replays of one process at the same time; each takes a core. */
const MOST_AT_ONCE = 1;
const PROGRESS_EVERY_MS = 250;

const { file } = AMENDMENTS['rule-settings'];
const Cell = Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Boolean(), Type.Null()]);
const Row = Type.Object(
  Object.fromEntries(columnsOf(file).map((column) => [camel(column), Type.Optional(Cell)])),
  { additionalProperties: false },
);

/** Past reports under other settings. The answer is written as it comes, a line of JSON each; to hang up is to cancel. */
export function whatIfRoutes(app: App, { store, facts, now }: ApiParts): void {
  let running = 0;
  app.post(
    '/what-if',
    {
      schema: {
        tags: ['amendments'],
        summary: 'What would have been found under other settings of rules',
        description:
          'Answers with JSON Lines: `{"type":"progress","judged":n,"share":0.4}` again and again, then one ' +
          '`{"type":"result",...}` or `{"type":"refused","errors":[...]}`. Closing the connection cancels it.',
        body: Type.Object(
          {
            from: Type.String({ description: 'ISO 8601 with zone' }),
            to: Type.String({ description: 'ISO 8601 with zone; at most 7 days later' }),
            vehicles: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 2_000 })),
            settings: Type.Array(Row, { maxItems: 500, description: 'Added to those in force' }),
            without: Type.Optional(
              Type.Array(Type.String({ maxLength: 200 }), {
                description: 'Ids of settings in force that are left out',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: { description: 'JSON Lines', content: { 'application/x-ndjson': { schema: Type.Any() } } },
          ...refusals(400, 401, 403, 409, 429),
        },
      },
    },
    async (request, reply) => {
      userWhoMay(request, 'what_if');
      const plan = planInForce(facts());
      const { files } = plan;
      const { settings, without = [], vehicles } = request.body;
      const span = readSpan(request.body, { from: now() - DAY_MS, to: now() }, LONGEST_MS);
      if (!files) throw new ProblemError('no-plan');
      if (running >= MOST_AT_ONCE)
        throw new ProblemError('too-many-requests', 'A replay is under way already.', {
          headers: { 'retry-after': '10' },
        });
      running++;
      const ending = new AbortController();
      const lines = new PassThrough();
      const tell = (message: WhatIfMessage): void => void lines.write(`${JSON.stringify(message)}\n`);
      reply.raw.once('close', () => ending.abort());

      const added = settings.map((row, i): AmendmentRow => ({ ...rowOf(row as Body), id: `try-${i + 1}` }));
      const kept = readRows(file, files.get(file)).filter((row) => !without.includes(row.id ?? ''));
      let toldAt = 0;
      void whatIf({
        files,
        changed: new Map([...files, [file, writeRows(file, [...kept, ...added])]]),
        reports: chosen(store.positions, span, vehicles),
        onProgress(judged, reached) {
          if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
          toldAt = performance.now();
          const share = reached === null ? 0 : (reached - span.from) / Math.max(span.to - span.from, 1);
          tell({ type: 'progress', judged, share });
        },
        signal: ending.signal,
      })
        .then((result) => {
          if (result.type === 'refused') {
            const errors = result.problems.map(({ line, column, reason }) => ({
              path: `${line}/${column}`,
              reason,
            }));
            tell({ type: 'refused', errors });
            return;
          }
          const { counts, onlyNow, onlyTried, regraded, same } = result.difference;
          const view = (finding: Finding) => viewOf(plan, finding);
          tell({
            type: 'result',
            judged: result.judged,
            counts,
            same,
            totals: { onlyNow: onlyNow.length, onlyTried: onlyTried.length, regraded: regraded.length },
            onlyNow: onlyNow.slice(0, MOST_TOLD).map(view),
            onlyTried: onlyTried.slice(0, MOST_TOLD).map(view),
            regraded: regraded
              .slice(0, MOST_TOLD)
              .map((pair) => ({ now: view(pair.now), tried: view(pair.tried) })),
          });
        })
        .catch((error) => {
          if (ending.signal.aborted) return;
          request.log.error({ err: error }, 'a replay failed');
          tell({ type: 'failed' });
        })
        .finally(() => {
          running--;
          lines.end();
        });
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(lines);
    },
  );
}

async function* chosen(
  positions: PositionStore,
  { from, to }: { from: number; to: number },
  vehicles: readonly string[] | undefined,
): AsyncIterable<readonly Report[]> {
  const wanted = vehicles && vehicles.length > 0 ? new Set(vehicles) : null;
  for await (const reports of positions.all(from, to))
    yield wanted === null ? reports : reports.filter((report) => wanted.has(report.vehicle));
}

const viewOf = (facts: PlanFacts, finding: Finding): AlertView =>
  alertView(facts, finding, unhandled(finding.start), false);
