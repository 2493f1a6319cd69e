import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { type VehicleAccess, vehicleAccess } from '../api/policy/policy.ts';
import type { Session } from '../api/session/sessions.ts';
import type { NewestPosition, NewestPositions } from './newest-positions.ts';
import type { NewestPredictions } from './newest-predictions.ts';
import {
  etaMessage,
  type Farewell,
  type LiveMessage,
  POSITIONS_AT_ONCE,
  type Transport,
} from './transport.ts';

export interface ViewerLimits {
  /** A viewer that cannot follow for this long is let go. */
  readonly maxSlowMs: number;
  /** Alerts kept for a viewer that cannot follow; one more and it is let go, since none may be left out. */
  readonly maxAlertsWaiting: number;
}

/** What the process knows of every vehicle. */
export interface Newest {
  readonly positions: NewestPositions;
  readonly predictions: NewestPredictions;
}

/** Decisions are taken afresh this often, and whenever the plan changes. */
const DECIDE_EVERY_MS = 60_000;

/**
 * One viewer: what it may see, decided once a minute for each vehicle and not for each message, and what it is still
 * owed. Of positions only the newest of each vehicle is owed; alerts are owed one by one.
 */
export class Viewer {
  readonly session: Session;
  readonly #transport: Transport;
  readonly #limits: ViewerLimits;
  readonly #access = new Map<string, VehicleAccess | null>();
  #decidedFor: { facts: PlanFacts | null; period: number } | null = null;
  readonly #positionsOwed = new Set<string>();
  readonly #etasOwed = new Set<string>();
  readonly #alertsOwed: LiveMessage[] = [];
  #slowSince: number | null = null;
  #gone = false;

  constructor(session: Session, transport: Transport, limits: ViewerLimits) {
    this.session = session;
    this.#transport = transport;
    this.#limits = limits;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** Notes that the vehicle has moved; cheap, called for every viewer at every report. */
  owePosition(position: NewestPosition, facts: PlanFacts | null, now: number): void {
    if (this.#accessTo(position, facts, now) !== null) this.#positionsOwed.add(position.report.vehicle);
  }

  /** Notes that the stops ahead of a vehicle are expected at other times; of each vehicle only the newest is owed. */
  oweEta(position: NewestPosition, facts: PlanFacts | null, now: number): void {
    if (this.#accessTo(position, facts, now) !== null) this.#etasOwed.add(position.report.vehicle);
  }

  /** The caller has asked the policy. */
  oweAlert(message: LiveMessage): void {
    this.#alertsOwed.push(message);
    if (this.#alertsOwed.length > this.#limits.maxAlertsWaiting) this.close('too-slow');
  }

  get #owes(): boolean {
    return this.#positionsOwed.size + this.#etasOwed.size + this.#alertsOwed.length > 0;
  }

  /** Sends what is owed, if the network takes it. */
  flush(newest: Newest, facts: PlanFacts | null, now: number): void {
    if (this.#gone || !this.#owes) return;
    if (this.#transport.isCongested()) {
      this.#slowSince ??= now;
      if (now - this.#slowSince > this.#limits.maxSlowMs) this.close('too-slow');
      return;
    }
    this.#slowSince = null;
    for (const alert of this.#alertsOwed.splice(0)) this.#transport.send(alert);
    // The rest stays owed, so that what waits for one viewer is bounded however large the fleet.
    while (this.#positionsOwed.size > 0 && !this.#transport.isCongested()) {
      this.#transport.sendPositions(this.#takeOwed(newest.positions, facts, now));
    }
    for (const vehicle of this.#etasOwed) {
      if (this.#transport.isCongested()) break;
      this.#etasOwed.delete(vehicle);
      const message = this.#etaOf(vehicle, newest, facts, now);
      if (message) this.#transport.send(message);
    }
  }

  /** The next few vehicles that are owed, as they are now. */
  #takeOwed(newest: NewestPositions, facts: PlanFacts | null, now: number): LiveMessage[] {
    const messages: LiveMessage[] = [];
    for (const vehicle of this.#positionsOwed) {
      if (messages.length === POSITIONS_AT_ONCE) break;
      this.#positionsOwed.delete(vehicle);
      const position = newest.get(vehicle);
      // Asked again: the right to see it may have ended since it was noted.
      const access = position && this.#accessTo(position, facts, now);
      if (access) messages.push(newest.messageFor(position, access));
    }
    return messages;
  }

  #etaOf(vehicle: string, newest: Newest, facts: PlanFacts | null, now: number): LiveMessage | null {
    const position = newest.positions.get(vehicle);
    const eta = newest.predictions.get(vehicle);
    const access = position && this.#accessTo(position, facts, now);
    if (!access || !eta) return null;
    const view = newest.predictions.viewFor(eta, access);
    return view && etaMessage(view);
  }

  close(why: Farewell): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#positionsOwed.clear();
    this.#etasOwed.clear();
    this.#alertsOwed.length = 0;
    this.#access.clear();
    this.#transport.close(why);
  }

  #accessTo(position: NewestPosition, facts: PlanFacts | null, now: number): VehicleAccess | null {
    const period = Math.floor(now / DECIDE_EVERY_MS);
    if (this.#decidedFor?.facts !== facts || this.#decidedFor.period !== period) {
      this.#access.clear();
      this.#decidedFor = { facts, period };
    }
    const { vehicle } = position.report;
    let access = this.#access.get(vehicle);
    if (access === undefined) {
      access = vehicleAccess(this.session.user, facts, vehicle, now, position.progress);
      this.#access.set(vehicle, access);
    }
    return access;
  }
}
