import { proofOf } from '../../geo/judge/crew/crew.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import { eventReport, type Report } from '../../geo/report.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';
import type { Bus } from '../bus/bus.ts';
import { CREW_SIGNED_ON, DRIVER_HOURS } from '../bus/subjects.ts';
import type { Draft } from './draft.ts';
import type { Lanes } from './lanes.ts';
import { placeEvent } from './place-event.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** Somebody came on duty on a vehicle; event time in milliseconds since the epoch. */
interface SignedOn {
  readonly vehicle: string;
  readonly person: string;
  readonly role: 'driver' | 'escort';
  readonly at: number;
}

/** What a driver drove on another vehicle within the last day, for the judge of the one they came to. */
interface DriverHours {
  readonly vehicle: string;
  readonly driver: string;
  readonly spans: readonly (readonly [number, number])[];
}

/** What was uploaded later than this says where somebody was, not where they are. [D] */
const FRESH_MS = 600_000;
const NO_BODY = new Uint8Array(0);

/**
 * What one vehicle's judge cannot know of its people, since it sees that vehicle alone: that its escort or driver has
 * come on duty on another (RULES R15), and what its driver drove on others today (R20). Told among the vehicle's own
 * reports, so that a replay knows it too. It knows the vehicles that are connected to some process.
 */
export class CrewElsewhere {
  readonly #bus: Bus;
  readonly #lanes: Lanes;
  readonly #rules: RulesInForce;
  readonly #now: () => number;
  #stops: (() => void)[] = [];

  constructor(bus: Bus, lanes: Lanes, rules: RulesInForce, now: () => number) {
    this.#bus = bus;
    this.#lanes = lanes;
    this.#rules = rules;
    this.#now = now;
  }

  start(): void {
    this.#stops = [
      this.#bus.subscribe(CREW_SIGNED_ON, (payload) => this.#signedOn(payload as SignedOn)),
      this.#bus.subscribe(DRIVER_HOURS, (payload) => this.#drove(payload as DriverHours)),
    ];
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Says to all processes who came on duty by what was just committed. */
  committed({ positions }: Draft): void {
    for (const { report } of positions) {
      if (report.events === undefined || report.time < this.#now() - FRESH_MS) continue;
      for (const event of report.events) {
        const who = whoCame(event, this.#rules.plan);
        if (who !== null)
          this.#bus.publish(CREW_SIGNED_ON, { vehicle: report.vehicle, at: report.time, ...who });
      }
    }
  }

  #signedOn({ vehicle, person, role, at }: SignedOn): void {
    const { judge } = this.#rules;
    if (!judge) return;
    for (const lane of this.#lanes.all()) {
      if (lane.vehicle === vehicle || lane.judged === null || lane.state === 'lost') continue;
      const { driver, escorts } = judge.people(lane.judged);
      if (role === 'driver') {
        const spans = judge.drivenBy(lane.judged, person, at);
        const hours: DriverHours = { vehicle, driver: person, spans };
        if (spans.length > 0) this.#bus.publish(DRIVER_HOURS, hours);
      }
      if (role === 'driver' ? driver === person : escorts.includes(person))
        this.#tell(lane, { kind: 'signed_elsewhere', person, role, vehicle });
    }
  }

  #drove({ vehicle, driver, spans }: DriverHours): void {
    const lane = this.#lanes.held(vehicle);
    if (lane) this.#tell(lane, { kind: 'driver_hours', driver, spans });
  }

  #tell(lane: VehicleLane, event: VehicleEvent): void {
    const receivedAt = lane.nextReceivedAt(this.#now());
    const time = placeEvent(receivedAt, receivedAt, lane.judged?.time ?? null, () => false);
    const report: Report = eventReport(lane.vehicle, time, receivedAt, [event]);
    lane.take({ report, body: NO_BODY, ack: null });
  }
}

/** Who came on duty by an event, if anybody did for sure: a phone that is away from the bus moves nobody. */
function whoCame(event: VehicleEvent, plan: Plan | null): Pick<SignedOn, 'person' | 'role'> | null {
  if (event.kind === 'sign_on') {
    const { person, role, by, nearBus: near } = event;
    return proofOf({ id: person, since: 0, by, near, validTo: null }) > 0 ? { person, role } : null;
  }
  if (event.kind !== 'driver_card' || !event.inserted || !event.readable) return null;
  const person = plan?.peopleByCard.get(event.licenceNo ?? '');
  return person ? { person: person.id, role: person.role } : null;
}
