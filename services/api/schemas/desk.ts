import { type Static, Type } from 'typebox';
import { ACTS, DEEDS, STAGES, VERDICTS } from '../../desk/codes.ts';
import { ROLES } from '../../store/store.ts';
import type * as contract from '../contract.ts';
import { objectOrNull, textOrNull, time, timeOrNull, words } from './basics.ts';

const PersonSchema = Type.Object({ id: Type.String(), name: Type.String() });

/** How an alert stands on the desk. */
export const AlertDeskSchema = Type.Object({
  stage: words(STAGES),
  assignee: objectOrNull(PersonSchema),
  level: Type.Integer({
    description: 'Escalated to: 1 provider, 2 the desks of the district or the school, 3 above',
  }),
  handledBy: objectOrNull(PersonSchema),
  handledAt: timeOrNull(),
  reason: textOrNull('Why it came about'),
  deed: objectOrNull(words(DEEDS, 'What was done')),
  verdict: objectOrNull(words(VERDICTS)),
  reviewedBy: objectOrNull(PersonSchema),
  reviewedAt: timeOrNull(),
  closedAt: timeOrNull(),
  excuse: textOrNull('Of 校车安全管理条例 Art. 30'),
  handedOver: objectOrNull(Type.Object({ at: time(), office: Type.String(), pack: Type.String() })),
  steps: Type.Integer(),
});

export const AlertStepSchema = Type.Object({
  seq: Type.Integer(),
  at: time(),
  by: objectOrNull(PersonSchema),
  act: words(ACTS),
  detail: Type.Record(Type.String(), Type.Unknown()),
});

export const AssigneeSchema = Type.Object({ id: Type.String(), name: Type.String(), role: words(ROLES) });

const Office = Type.Object({ name: Type.String(), phone: textOrNull() });

export const CallCardSchema = Type.Object({
  vehicle: Type.String(),
  plate: textOrNull(),
  terminalPhone: textOrNull(),
  crew: Type.Array(
    Type.Object({ role: words(['driver', 'escort']), name: Type.String(), phone: textOrNull() }),
  ),
  provider: objectOrNull(Office),
  schools: Type.Array(Office),
});

export const EvidencePackSchema = Type.Object({
  id: Type.String(),
  alert: Type.String(),
  vehicle: Type.String(),
  madeAt: time(),
  madeBy: Type.String(),
  records: Type.Integer(),
  head: Type.String({ description: 'SHA-256 of the last record: printed on the pack' }),
});

export const PositionHoldSchema = Type.Object({
  id: Type.String(),
  vehicle: Type.String(),
  from: time(),
  to: time(),
  reason: Type.String(),
  alert: textOrNull(),
  heldAt: time(),
  heldBy: Type.String(),
  releasedAt: timeOrNull(),
  releasedBy: textOrNull(),
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Agrees<T extends true> = T;
export type DeskContractHolds = [
  Agrees<Same<Static<typeof AlertDeskSchema>, contract.AlertDeskView>>,
  Agrees<Same<Static<typeof AlertStepSchema>, contract.AlertStepView>>,
  Agrees<Same<Static<typeof CallCardSchema>, contract.CallCardView>>,
  Agrees<Same<Static<typeof EvidencePackSchema>, contract.EvidencePackView>>,
  Agrees<Same<Static<typeof PositionHoldSchema>, contract.PositionHoldView>>,
];
