import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { maySeeAlert } from '../api/policy/policy.ts';
import { alertFacts } from '../api/views/alert-view.ts';
import { causeRow } from '../notify/causes.ts';
import type { OutboxWrite, StoredFinding, User } from '../store/store.ts';
import { ROLES_TOLD, type Told } from './escalation.ts';

/** Has those told of an alert who hold what is told at the level and see the alert; empty where nobody does. */
export function escalationCause(
  { finding, district, schoolIds }: StoredFinding,
  level: number,
  told: readonly Told[],
  users: readonly User[],
  facts: PlanFacts | null,
): OutboxWrite[] {
  const roles = new Set(told.flatMap((one) => ROLES_TOLD[one]));
  const of = alertFacts({ finding, district, schoolIds });
  const people = users
    .filter((user) => roles.has(user.role) && maySeeAlert(user, facts, of))
    .map(({ id }) => id);
  if (people.length === 0) return [];
  const { id, rule, severity, vehicle, trip, start } = finding;
  return [
    causeRow({
      topic: 'notify.escalation',
      finding: id,
      rule,
      severity,
      vehicle,
      trip,
      start,
      level,
      people,
    }),
  ];
}
