import { Type } from 'typebox';
import type { Version } from '../../../protocol/jt808/message.ts';
import { planForTerminal } from '../../commands/plan-areas.ts';
import { recommendedParameters } from '../../commands/recommended-parameters.ts';
import type { CommandRow } from '../../store/command-store.ts';
import type { ApiParts, App } from '../app-types.ts';
import type { TerminalParametersView } from '../contract.ts';
import { refusals, timeOrNull } from '../schemas/basics.ts';
import { isoTimeOrNull } from '../time.ts';
import { commandedTerminal, PhoneParam } from './terminal-of.ts';

/** Commands that bring 0x0104, and how far back they are looked through. */
const TELL_OF_PARAMETERS = ['read_parameters', 'write_parameters'];
const LOOKED_THROUGH = 10;

const Parameters = Type.Object({
  version: Type.String(),
  parameters: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      unit: Type.String(),
      recommended: Type.Number(),
      reported: Type.Unknown({ description: 'What the terminal said last; null where it has not' }),
      reportedAt: timeOrNull(),
      differs: Type.Boolean(),
    }),
  ),
  plan: Type.Union([
    Type.Object({
      version: Type.String(),
      circles: Type.Integer(),
      rectangles: Type.Integer(),
      polygons: Type.Integer(),
      routes: Type.Array(
        Type.Object({
          name: Type.String(),
          points: Type.Integer(),
          limitsKmh: Type.Array(Type.Integer()),
        }),
      ),
      leftOut: Type.Integer({ description: 'Areas that there was no room for' }),
    }),
    Type.Null(),
  ]),
});

/** What a terminal is best set to, beside what it is set to as far as it has said. */
export function terminalParameterRoutes(app: App, parts: ApiParts): void {
  const { store, now } = parts;

  app.get(
    '/terminals/:phone/parameters',
    {
      schema: {
        tags: ['terminals'],
        summary:
          'Recommended settings beside those the terminal reported, and what of the plan it would be given',
        params: Type.Object({ phone: PhoneParam }),
        response: { 200: Parameters, ...refusals(401, 403, 404) },
      },
    },
    async (request): Promise<TerminalParametersView> => {
      const { plan, phone, vehicle, version } = await commandedTerminal(request, request.params.phone, parts);
      const runs = plan?.dayAt(now()).runsByVehicle.get(vehicle) ?? [];
      const given = plan ? planForTerminal(plan.plan, runs) : null;
      const edition = asEdition(version);
      const rows = await Promise.all(
        TELL_OF_PARAMETERS.map((type) => store.commands.list({ phone, type, limit: LOOKED_THROUGH })),
      );
      const reported = reportedParameters(rows.flat());
      const wanted = recommendedParameters({ motorway: given?.motorway ?? false, version: edition });
      return {
        version: edition,
        parameters: wanted.map(({ id, name, value, unit }) => {
          const said = reported.get(Number(id));
          return {
            id,
            name,
            unit,
            recommended: value,
            reported: said?.value ?? null,
            reportedAt: isoTimeOrNull(said?.at ?? null),
            differs: said !== undefined && said.value !== value,
          };
        }),
        plan: given && {
          version: plan?.plan.version ?? '',
          circles: given.areas.circles.length,
          rectangles: given.areas.rectangles.length,
          polygons: given.areas.polygons.length,
          routes: given.areas.routes.map(({ name, points }) => ({
            name,
            points: points.length,
            limitsKmh: [...new Set(points.flatMap(({ maxSpeedKmh }) => maxSpeedKmh ?? []))].sort(
              (a, b) => a - b,
            ),
          })),
          leftOut: given.leftOut,
        },
      };
    },
  );
}

const asEdition = (version: string | null): Version =>
  version === '2011' || version === '2019' ? version : '2013';

/** The newest word of the terminal on each parameter. */
function reportedParameters(rows: readonly CommandRow[]): Map<number, { value: unknown; at: number }> {
  const said = new Map<number, { value: unknown; at: number }>();
  for (const row of [...rows].sort((a, b) => a.seq - b.seq)) {
    for (const answer of row.answers as { msgId: string; body?: { params?: unknown } }[]) {
      if (answer.msgId !== '0x0104' || !Array.isArray(answer.body?.params)) continue;
      for (const { id, value } of answer.body.params as { id: unknown; value: unknown }[])
        said.set(Number(id), { value, at: row.endedAt ?? row.queuedAt });
    }
  }
  return said;
}
