import type { Finding } from '../../../geo/finding.ts';
import { readCsv } from '../../../geo/plan/csv.ts';
import type { PlanFiles } from '../../../geo/plan/plan.ts';
import type { User } from '../../store/store.ts';
import type { CallCardView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { maySeeSchool, POLICY } from '../policy/policy.ts';

/** Whom to call about an alert. Numbers of the plan alone; no family's. */
export function callCard(user: User, facts: PlanFacts | null, finding: Finding): CallCardView {
  const plan = facts?.plan;
  const vehicle = plan?.vehicles.get(finding.vehicle);
  const runs = facts?.dayAt(finding.start).runsByVehicle.get(finding.vehicle) ?? [];
  const run =
    runs.find(({ trip }) => trip.id === finding.trip) ??
    runs.find(({ start, end }) => start <= finding.start && finding.start <= end);
  const crew = POLICY[user.role].crewNames ? [run?.driverId, run?.escortId] : [];
  const schools = run?.trip.schoolIds ?? plan?.trips.get(finding.trip ?? '')?.schoolIds ?? [];
  const provider = vehicle?.operatorId ?? null;
  return {
    vehicle: finding.vehicle,
    plate: vehicle?.plate ?? null,
    terminalPhone: POLICY[user.role].terminals === 'none' ? null : (vehicle?.terminalPhone ?? null),
    crew: crew.flatMap((id) => {
      const person = plan?.people.get(id ?? '');
      return person ? [{ role: person.role, name: person.name, phone: person.phone || null }] : [];
    }),
    provider:
      provider === null
        ? null
        : {
            name: plan?.agencies.get(provider)?.name ?? provider,
            phone: phoneIn(facts?.files, 'agency.txt', 'agency_id', provider, 'agency_phone'),
          },
    schools: schools
      .filter((id) => facts !== null && maySeeSchool(user, facts, id, finding.start))
      .map((id) => ({
        name: plan?.schools.get(id)?.name ?? id,
        phone: phoneIn(facts?.files, 'schools.csv', 'school_id', id, 'phone'),
      })),
  };
}

/** The plan's index keeps no numbers of offices, which nothing is judged by; its files may have them. */
function phoneIn(
  files: PlanFiles | null | undefined,
  file: string,
  key: string,
  id: string,
  column: string,
): string | null {
  const text = files?.get(file);
  if (text === undefined) return null;
  const csv = readCsv(text, () => undefined);
  if (!csv.next()) return null;
  const [at, phone] = [csv.cells.indexOf(key), csv.cells.indexOf(column)];
  if (at < 0 || phone < 0) return null;
  while (csv.next()) if (csv.cells[at] === id) return csv.cells[phone] || null;
  return null;
}
