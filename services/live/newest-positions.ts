import type { RunProgress } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';
import type { PositionView } from '../api/contract.ts';
import type { CurrentFacts } from '../api/policy/current-facts.ts';
import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { isFullAccess, type VehicleAccess } from '../api/policy/policy.ts';
import { positionView, redactPosition } from '../api/views/position-view.ts';
import { type LiveMessage, type Message, positionMessage } from './transport.ts';

export interface NewestPosition {
  readonly report: Report;
  readonly progress: RunProgress | null;
}

interface Kept extends NewestPosition {
  /** As staff see it, made when first asked for, and of this plan. */
  message: Message<'position', Required<PositionView>> | null;
  madeOf: PlanFacts | null;
}

/** The newest position of every vehicle, in memory; one value for each vehicle, so as large as the fleet. */
export class NewestPositions {
  readonly #kept = new Map<string, Kept>();
  readonly #facts: CurrentFacts;

  constructor(facts: CurrentFacts) {
    this.#facts = facts;
  }

  /** False where it is not newer than what is known, by event time and then by arrival. */
  take(report: Report, progress: RunProgress | null): boolean {
    const known = this.#kept.get(report.vehicle)?.report;
    if (known && (report.time - known.time || report.receivedAt - known.receivedAt) <= 0) return false;
    this.#kept.set(report.vehicle, { report, progress, message: null, madeOf: null });
    return true;
  }

  get(vehicle: string): NewestPosition | undefined {
    return this.#kept.get(vehicle);
  }

  all(): IterableIterator<NewestPosition> {
    return this.#kept.values();
  }

  /** The view of a position that this access grants. */
  viewFor(position: NewestPosition, access: VehicleAccess): PositionView {
    return redactPosition(this.#full(position).data, access);
  }

  messageFor(position: NewestPosition, access: VehicleAccess): LiveMessage {
    const full = this.#full(position);
    return isFullAccess(access) ? full : positionMessage(redactPosition(full.data, access));
  }

  #full(position: NewestPosition): Message<'position', Required<PositionView>> {
    const facts = this.#facts();
    const kept = this.#kept.get(position.report.vehicle);
    if (kept?.message && kept.madeOf === facts && kept.report === position.report) return kept.message;
    const message = positionMessage(positionView(facts, position.report, position.progress));
    if (kept?.report === position.report) {
      kept.message = message;
      kept.madeOf = facts;
    }
    return message;
  }
}
