import { eventReport } from '../../geo/report.ts';
import type { CrewEvent } from '../../geo/vehicle-event.ts';
import type { Bus } from '../bus/bus.ts';
import { CREW_EVENT_ANY, crewEventSubject } from '../bus/subjects.ts';
import { type IngestStore, StoreUnavailable } from '../store/store.ts';
import type { IngestCounts } from './counts.ts';
import type { CrewEventAnswer, CrewEventRequest } from './crew-event.ts';
import type { Claimant, Lanes } from './lanes.ts';
import type { IngestLimits } from './limits.ts';
import { OwedAck } from './owed-ack.ts';
import { nearBus, placedBetween, placeEvent } from './place-event.ts';
import type { Pressure } from './pressure.ts';
import type { QuietLog } from './quiet-log.ts';
import type { VehicleLane } from './vehicle-lane.ts';

export interface CrewEventWorld {
  readonly bus: Bus;
  readonly lanes: Lanes;
  readonly store: IngestStore;
  readonly limits: IngestLimits;
  readonly counts: IngestCounts;
  readonly log: QuietLog;
  readonly pressure: Pressure;
  readonly now: () => number;
}

/** It gives way to every connection of a terminal. */
const NO_CONNECTION: Claimant = { order: 0, frameAt: 0, closed: false, laneLost: () => undefined };
const NO_BYTES = new Uint8Array(0);

/**
 * What escorts, drivers and schools say goes through the vehicle's lane like its terminal's reports: judged in order,
 * committed, then answered. Where no terminal is connected anywhere the vehicle is taken over for the moment. One event
 * of a vehicle at a time; said twice it is stored once, by its id.
 */
export class CrewEventDesk {
  readonly #world: CrewEventWorld;
  /** The last event under way of each vehicle. */
  readonly #lines = new Map<string, Promise<CrewEventAnswer>>();
  #stop: (() => void) | null = null;
  #underWay = 0;

  constructor(world: CrewEventWorld) {
    this.#world = world;
  }

  start(): void {
    this.#stop = this.#world.bus.serve(CREW_EVENT_ANY, (payload) => this.answer(payload), { oneOf: true });
  }

  /** For a vehicle whose terminal is connected here. Returns what ends it. */
  serve(vehicle: string): () => void {
    return this.#world.bus.serve(crewEventSubject(vehicle), (payload) => this.answer(payload));
  }

  async answer(payload: unknown): Promise<CrewEventAnswer> {
    const { limits, pressure, counts, log } = this.#world;
    const request = asRequest(payload);
    if (request === null) return { ok: false, error: 'bad_request' };
    if (pressure.full || this.#underWay >= limits.maxCrewEvents) return { ok: false, error: 'busy' };
    this.#underWay += 1;
    const before = this.#lines.get(request.vehicle);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return this.#take(request);
    })();
    this.#lines.set(request.vehicle, mine);
    try {
      return await mine;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      counts.events.add('store_unavailable');
      log.warn('crew_event_unavailable', { vehicle: request.vehicle });
      return { ok: false, error: 'unavailable' };
    } finally {
      this.#underWay -= 1;
      if (this.#lines.get(request.vehicle) === mine) this.#lines.delete(request.vehicle);
    }
  }

  async #take(request: CrewEventRequest): Promise<CrewEventAnswer> {
    const { lanes } = this.#world;
    const held = lanes.held(request.vehicle);
    if (held) return this.#put(held, request);
    const claimed = await lanes.claim(request.vehicle, NO_CONNECTION);
    if (!claimed) return { ok: false, error: 'moved' };
    try {
      return await this.#put(claimed, request);
    } finally {
      // A terminal that has come meanwhile has a lane of its own by now.
      if (claimed.owner === NO_CONNECTION) await lanes.leave(claimed);
    }
  }

  async #put(lane: VehicleLane, { vehicle, event, at, place }: CrewEventRequest): Promise<CrewEventAnswer> {
    const { store, counts, now } = this.#world;
    const [from, to] = placedBetween(at);
    const stored = await store.reportsBetween(lane.vehicleKey, from, to);
    const said = stored.filter(({ report }) => report.eventsOnly);
    if (said.some(({ report }) => report.events?.some((one) => 'id' in one && one.id === event.id))) {
      counts.reports.add('duplicate');
      return { ok: true, stored: 'before' };
    }
    if (lane.state === 'lost' || lane.owner === null) return { ok: false, error: 'moved' };
    const receivedAt = lane.nextReceivedAt(now());
    const taken = (time: number) => said.some(({ report }) => report.time === time);
    const time = placeEvent(at, receivedAt, lane.judged?.time ?? null, taken);
    const put = withPlace(event, time === at ? null : at, nearBus(place, at, lane.last));
    let committed = false;
    const sink = {
      acknowledge: () => {
        committed = true;
      },
    };
    counts.events.add('crew_event');
    lane.take({
      report: eventReport(vehicle, time, receivedAt, [put]),
      body: NO_BYTES,
      ack: new OwedAck(sink, 0, 0),
    });
    await lane.whenSettled();
    return committed ? { ok: true, stored: 'now' } : { ok: false, error: 'moved' };
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
  }
}

/** With when it was said, where it was put elsewhere, and whether the phone was at the bus. */
function withPlace(event: CrewEvent, at: number | null, near: boolean | null): CrewEvent {
  const put = at === null ? event : { ...event, at };
  const signs = put.kind === 'sign_on' || put.kind === 'sign_off';
  return signs && near !== null ? { ...put, nearBus: near } : put;
}

/** The API has checked it; this only keeps a stray message from doing harm. */
function asRequest(payload: unknown): CrewEventRequest | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { vehicle, event, at } = payload as Partial<CrewEventRequest>;
  if (typeof vehicle !== 'string' || typeof at !== 'number' || !Number.isFinite(at)) return null;
  if (typeof event !== 'object' || typeof event.id !== 'string' || typeof event.kind !== 'string')
    return null;
  return payload as CrewEventRequest;
}
