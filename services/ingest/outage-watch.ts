import type { Finding } from '../../geo/finding.ts';
import { findingId } from '../../geo/judge/finding-id.ts';
import { findOutage, OUTAGE, type Outage } from '../../geo/outage.ts';
import type { FindingWrite, SilenceWrite, VehicleWrite } from '../store/store.ts';
import { catchUp } from './catch-up.ts';
import type { SilenceWorld } from './silence-sweeper.ts';

/** A terminal that will be missed in a moment belongs to the outage: looked at as if so much later. */
const SOON_MS = OUTAGE.withinS * 1000 + 15_000;
/** An outage is looked at again from then on: by then all that belongs to it has been missed. */
const SETTLED_MS = 300_000;
const MOST_HELD = 10_000;

/** What a sweep is to write beside its silences. */
export interface OutageWrites {
  readonly silences: readonly SilenceWrite[];
  readonly vehicles: readonly VehicleWrite[];
  readonly findings: readonly FindingWrite[];
}

/**
 * Holds the alerts of single terminals under one incident where a provider's link is down (RULES 1, degraded feed): the
 * incident is told, they are recorded. When most are back it is over, and those still silent are told of after all.
 */
export class OutageWatch {
  readonly #world: SilenceWorld;
  /** The incidents that last, by provider; null until they were read. */
  #open: Map<string, Finding> | null = null;

  constructor(world: SilenceWorld) {
    this.#world = world;
  }

  /** Another process sweeps; what it makes of incidents is read anew when it is this one's turn again. */
  forget(): void {
    this.#open = null;
  }

  /** `opened` are the ids of the silences that this sweep has found. */
  async over(
    silences: readonly SilenceWrite[],
    opened: ReadonlySet<string>,
    now: number,
  ): Promise<OutageWrites> {
    const { rules } = this.#world;
    const providers = new Set<string>();
    for (const { provider } of this.#opened(silences, opened)) if (provider !== null) providers.add(provider);
    const nothing = { silences, vehicles: [], findings: [] };
    if (providers.size === 0 && this.#open?.size === 0) return nothing;
    if (![...(rules.plan?.vehicles.values() ?? [])].some((vehicle) => vehicle.operatorId !== null))
      return nothing;

    const open = await this.#lasting();
    const findings: FindingWrite[] = [];
    const vehicles: VehicleWrite[] = [];
    const tell = async (incident: Finding): Promise<void> => {
      const { vehicleKey, epoch } = await this.#world.store.ingest.claim(incident.vehicle);
      vehicles.push({ kept: null, vehicleKey, epoch });
      findings.push({ ...rules.concerning(vehicleKey, incident, null), district: this.#district(incident) });
    };
    for (const provider of providers) {
      if (open.has(provider)) continue;
      const outage = await this.#outageOf(provider, now);
      if (outage === null) continue;
      const incident = incidentOf(provider, outage);
      open.set(provider, incident);
      await tell(incident);
    }
    const held = silences.map((silence) => ({
      ...silence,
      findings: silence.findings.map((write) => this.#held(write, opened)),
    }));
    const released: SilenceWrite[] = [];
    for (const [provider, incident] of open) {
      if (now - incident.start < SETTLED_MS) continue;
      const still = await this.#stillSilent(incident);
      if (still.length > Number(incident.evidence.vehicles) * OUTAGE.overShare) continue;
      open.delete(provider);
      await tell({ ...incident, end: now });
      released.push(...(await this.#release(still, held, now)));
    }
    return { silences: [...held, ...released], vehicles, findings };
  }

  #providerOf(vehicle: string): string | null {
    return this.#world.rules.plan?.vehicles.get(vehicle)?.operatorId ?? null;
  }

  *#opened(silences: readonly SilenceWrite[], opened: ReadonlySet<string>) {
    for (const { findings } of silences)
      for (const { finding } of findings)
        if (opened.has(finding.id)) yield { finding, provider: this.#providerOf(finding.vehicle) };
  }

  async #lasting(): Promise<Map<string, Finding>> {
    if (this.#open) return this.#open;
    const stored = await this.#world.store.findings.list({
      rules: ['terminal_offline'],
      open: true,
      limit: MOST_HELD,
    });
    const incidents = stored
      .map(({ finding }) => finding)
      .filter((finding) => finding.evidence.reason === OUTAGE_REASON);
    this.#open = new Map(incidents.map((finding) => [String(finding.evidence.provider), finding]));
    return this.#open;
  }

  async #outageOf(provider: string, now: number): Promise<Outage | null> {
    const { store, rules, deafUntil } = this.#world;
    const judge = rules.judge;
    if (!judge) return null;
    const missed = new Map<string, number>();
    for (const { vehicle, vehicleKey, snapshot, heardSince } of await store.ingest.silentSince(
      now - SETTLED_MS / 3,
    )) {
      if (this.#providerOf(vehicle) !== provider || !snapshot.contact) continue;
      const { contact, judged } = heardSince
        ? await catchUp(store.ingest, judge, vehicleKey, snapshot)
        : { contact: snapshot.contact, judged: snapshot.judge };
      if (!contact || !judged) continue;
      const { changes } = judge.silence(contact, judged, now + SOON_MS, deafUntil());
      if (changes.some(({ kind }) => kind === 'opened')) missed.set(vehicle, contact.lastReceivedAt);
    }
    if (missed.size < OUTAGE.fewest) return null;
    const contacts = (await store.positions.latest())
      .filter(({ vehicle }) => this.#providerOf(vehicle) === provider)
      .map(({ vehicle, last }) => ({
        vehicle,
        lastAt: missed.get(vehicle) ?? last.receivedAt,
        missed: missed.has(vehicle),
      }));
    return findOutage(contacts);
  }

  /** A silence that began when its provider's outage did is held under it. */
  #held(write: FindingWrite, opened: ReadonlySet<string>): FindingWrite {
    const { finding } = write;
    if (!opened.has(finding.id)) return write;
    const incident = this.#open?.get(this.#providerOf(finding.vehicle) ?? '');
    if (!incident) return write;
    const within = finding.start >= incident.start && finding.start <= incident.start + OUTAGE.withinS * 1000;
    return within ? { ...write, incident: incident.id } : write;
  }

  async #stillSilent(incident: Finding): Promise<readonly Finding[]> {
    const query = { incident: incident.id, open: true, limit: MOST_HELD };
    return (await this.#world.store.findings.list(query)).map(({ finding }) => finding);
  }

  /** Written as a silence, so that one whose terminal speaks meanwhile is passed over. */
  async #release(
    still: readonly Finding[],
    held: readonly SilenceWrite[],
    now: number,
  ): Promise<SilenceWrite[]> {
    if (still.length === 0) return [];
    const written = new Set(held.map(({ vehicleKey }) => vehicleKey));
    const ofVehicle = new Map(still.map((finding) => [finding.vehicle, finding]));
    const released: SilenceWrite[] = [];
    for (const { vehicle, vehicleKey, snapshot } of await this.#world.store.ingest.silentSince(now)) {
      const finding = ofVehicle.get(vehicle);
      if (!finding || !snapshot.contact || written.has(vehicleKey)) continue;
      released.push({
        vehicleKey,
        seenLastReceivedAt: snapshot.contact.lastReceivedAt,
        contact: snapshot.contact,
        findings: [{ ...this.#world.rules.concerning(vehicleKey, finding, null), incident: null }],
      });
    }
    return released;
  }

  /** The district of all its vehicles; none where they are of several. */
  #district(incident: Finding): string | null {
    const districts = new Set<string | null>();
    for (const { operatorId, district } of this.#world.rules.plan?.vehicles.values() ?? [])
      if (operatorId === incident.evidence.provider) districts.add(district);
    return districts.size === 1 ? [...districts][0]! : null;
  }
}

export const OUTAGE_REASON = 'provider_outage';

/** The incident as a finding of the provider: one line, whatever the number of its terminals. */
function incidentOf(provider: string, { start, vehicles, of }: Outage): Finding {
  const vehicle = `operator:${provider}`;
  return {
    id: findingId('terminal_offline', vehicle, start),
    rule: 'terminal_offline',
    vehicle,
    trip: null,
    severity: 'P2',
    start,
    end: null,
    lat: null,
    lon: null,
    late: false,
    evidence: {
      reason: OUTAGE_REASON,
      source: 'platform',
      provider,
      vehicles: vehicles.length,
      of,
      thresholds: { ...OUTAGE },
      explain: {
        zh: `运营单位的 ${of} 台在线终端中有 ${vehicles.length} 台在 ${OUTAGE.withinS} 秒内同时失联，疑似网关或通信中断；单车离线告警已归并。`,
        en: `${vehicles.length} of the provider's ${of} live terminals fell silent within ${OUTAGE.withinS} s: a gateway or its link seems to be down; alerts of single terminals are held under this one.`,
      },
    },
  };
}
