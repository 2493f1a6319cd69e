import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { identify } from '../../ingest/terminal-identity.ts';
import type { TerminalRow, User } from '../../store/store.ts';
import { type ApiParts, userWhoMay } from '../app-types.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { maySeeTerminal } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';

export const PhoneParam = Type.String({ pattern: '^\\d{1,20}$', description: "The terminal's number" });

/** A terminal that the asker may give commands to. */
export interface CommandedTerminal {
  readonly user: User;
  readonly plan: PlanFacts | null;
  readonly phone: string;
  readonly vehicle: string;
  readonly plate: string | null;
  /** Null before it has ever registered. */
  readonly row: TerminalRow | null;
  /** Of JT/T 808; null where neither the terminal nor the plan has said. */
  readonly version: string | null;
}

export const barePhone = (phone: string): string => phone.replace(/^0+(?=\d)/, '');

/** As the ingest names it: the vehicle of the register, else the terminal itself. */
export function vehicleOf(plan: PlanFacts | null, phone: string): string {
  const bare = barePhone(phone);
  return plan?.plan.vehicleByPhone.get(bare)?.id ?? `terminal:${bare}`;
}

/** 403 for those who command none, 404 for a terminal that is not there or in another's district. */
export async function commandedTerminal(
  request: FastifyRequest,
  given: string,
  { store, facts }: ApiParts,
): Promise<CommandedTerminal> {
  const user = userWhoMay(request, 'command');
  const phone = barePhone(given);
  const plan = facts();
  const row = await store.terminals.get(phone);
  const onRegister = plan?.plan.vehicleByPhone.get(phone);
  const { vehicle } = identify(plan?.plan ?? null, phone, row?.plate ?? '');
  if ((row === null && !onRegister) || !maySeeTerminal(user, plan, vehicle))
    throw new ProblemError('not-found');
  const version = row?.version ?? (onRegister?.terminalVersion || null);
  return { user, plan, phone, vehicle, plate: onRegister?.plate || row?.plate || null, row, version };
}
