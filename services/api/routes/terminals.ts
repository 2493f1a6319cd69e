import { Type } from 'typebox';
import { type ApiParts, type App, userWithShareIn } from '../app-types.ts';
import type { TerminalView } from '../contract.ts';
import { maySeeTerminal } from '../policy/policy.ts';
import { refusals } from '../schemas/basics.ts';
import { Terminal } from '../schemas/registers.ts';
import { isoTimeOrNull } from '../time.ts';
import { vehicleOf } from './terminal-of.ts';

export function terminalRoutes(app: App, { store, facts, hub }: ApiParts): void {
  app.get(
    '/terminals',
    {
      schema: {
        tags: ['terminals'],
        summary: 'Terminals that have ever registered or been heard',
        response: { 200: Type.Object({ items: Type.Array(Terminal) }), ...refusals(401, 403) },
      },
    },
    async (request): Promise<{ items: TerminalView[] }> => {
      const user = userWithShareIn(request, 'terminals');
      const plan = facts();
      const rows = await store.terminals.list();
      const items = rows.flatMap((row) => {
        const vehicle = vehicleOf(plan, row.phone);
        if (!maySeeTerminal(user, plan, vehicle)) return [];
        return {
          phone: row.phone,
          vehicle,
          plate: plan?.plan.vehicles.get(vehicle)?.plate ?? null,
          registeredPlate: row.plate,
          manufacturer: row.manufacturer,
          model: row.model,
          terminalId: row.terminalId,
          version: row.version,
          approved: row.approved,
          registeredAt: isoTimeOrNull(row.registeredAt),
          lastSeenAt: isoTimeOrNull(later(row.lastSeenAt, hub.positions.get(vehicle)?.report.receivedAt)),
        };
      });
      return { items };
    },
  );
}

/** The register notes a terminal when it signs on; its reports tell of it since. */
const later = (noted: number | null, reported: number | undefined): number | null =>
  reported === undefined ? noted : Math.max(noted ?? 0, reported);
