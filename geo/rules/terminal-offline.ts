import type { FindingChange, JsonValue, Severity } from '../finding.ts';
import { destination } from '../geometry/distance.ts';
import { graverOf } from '../judge/describe-finding.ts';
import { holds } from '../judge/fence-index.ts';
import { findingId } from '../judge/finding-id.ts';
import { NO_CHANGES } from '../judge/state.ts';
import { chinaTime } from '../judge/time-text.ts';
import type { ContactBearing, ContactState, Judgement } from '../judge.ts';
import type { Plan } from '../plan/plan.ts';
import type { Report } from '../report.ts';
import type { Drop } from './collision.ts';
import { cappedByAboard } from './rule.ts';
import type { TerminalOfflineTable } from './terminal-offline-table.ts';
import { isWithoutSky } from './without-signal.ts';

/** What is kept of the contact with a terminal: all in receive time, and as it stood when it last spoke. */
export interface Contact extends ContactState {
  readonly intervalS: number;
  readonly accOn: boolean | null;
  readonly lat: number | null;
  readonly lon: number | null;
  /** The run under way at the last contact and until when it is due; null and 0 where none was. */
  readonly trip: string | null;
  readonly dueUntil: number;
  readonly carrying: boolean;
  readonly silence: Silence | null;
  /** Where it was heading; null where that is not known. */
  readonly headingDeg: number | null;
  /** Its speed had just fallen as in a collision; absent where it had not. */
  readonly drop?: Drop;
}

/** An episode of silence that was found. */
export interface Silence {
  readonly start: number;
  readonly severity: Severity;
  readonly trip: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly carrying: boolean;
  readonly why: 'ignition_on' | 'run_due';
  /** First of the fresh reports that end it, and how many came; 0 while it is silent. */
  readonly backAt: number;
  readonly backReports: number;
}

/** What the judge knows of the vehicle that bears on whether it should be heard. */
export interface Bearing extends ContactBearing {
  /** The run under way: which, when by its timetable, and where it stands; null and 0 where there is none. */
  readonly trip: string | null;
  readonly start: number;
  readonly end: number;
  /** Seconds behind its timetable. */
  readonly lateS: number;
  readonly drop: Drop | null;
}

export interface TerminalOffline {
  contact(was: Contact | null, report: Report, bearing: Bearing, deafUntil: number): Judgement<Contact>;
  silence(was: Contact, now: number, deafUntil: number): Judgement<Contact>;
}

const VERSION = 'R27/2';
/** A fence of a tunnel is looked for every so far ahead. */
const PROBE_M = 100;

/**
 * Silence is a matter of arithmetic on the last contact and the hour, so a tick that finds it and the report that ends
 * it find the same thing.
 */
export function terminalOffline(
  plan: Plan,
  table: TerminalOfflineTable,
  parameters: string,
): TerminalOffline {
  const dark = plan.fences.filter((fence) => isWithoutSky([fence]));

  function silence(was: Contact, now: number, deafUntil: number): Judgement<Contact> {
    const { drop } = was;
    if (drop === undefined || now - Math.max(was.lastReceivedAt, deafUntil) < table.impactLossS * 1000)
      return silent(was, now, deafUntil);
    const { drop: _told, ...state } = was;
    const step = silent(state, now, deafUntil);
    return { state: step.state, changes: [lostAfter(was, drop, plan, parameters), ...step.changes] };
  }

  function silent(was: Contact, now: number, deafUntil: number): Judgement<Contact> {
    const open = was.silence;
    if (open === null) {
      const found = silenceAt(was, now, deafUntil);
      if (found === null) return { state: was, changes: NO_CHANGES };
      const state = { ...was, silence: found };
      return { state, changes: [tell('opened', state, found, null)] };
    }
    // After one fresh report it is silent again only once it has been so for long enough.
    if (open.backAt > 0 && now - Math.max(was.lastReceivedAt, deafUntil) < afterMs(was)) {
      return { state: was, changes: NO_CHANGES };
    }
    const severity = graverOf(open.severity, severityAfter(now - open.start, open.carrying, was));
    const backAt = 0;
    if (severity === open.severity) {
      return open.backAt === 0
        ? { state: was, changes: NO_CHANGES }
        : { state: { ...was, silence: { ...open, backAt, backReports: 0 } }, changes: [] };
    }
    const graver = { ...open, severity, backAt, backReports: 0 };
    const state = { ...was, silence: graver };
    return { state, changes: [tell('updated', state, graver, null)] };
  }

  function contact(
    was: Contact | null,
    report: Report,
    bearing: Bearing,
    deafUntil: number,
  ): Judgement<Contact> {
    const now = report.receivedAt;
    const before = was === null ? null : silence(was, now, deafUntil);
    let open = before?.state.silence ?? null;
    const state = heard(was, report, bearing, open, table.impactWithinS);
    // Nearly always.
    if (open === null) return { state, changes: before?.changes ?? NO_CHANGES };
    const changes = [...(before?.changes ?? [])];
    if (!report.backfill) {
      const backAt = open.backAt || now;
      const backReports = open.backReports + 1;
      open = { ...open, backAt, backReports };
      if (backReports >= table.freshReports) {
        changes.push(tell('closed', state, open, backAt));
        open = null;
      }
    }
    return { state: { ...state, silence: open }, changes };
  }

  /** The silence that has lasted long enough by `now`, or null. */
  function silenceAt(was: Contact, now: number, deafUntil: number): Silence | null {
    const from = Math.max(was.lastReceivedAt, deafUntil);
    if (now - from < leastMs(was)) return null;
    const enoughMs = afterMs(was);
    if (now - from < enoughMs) return null;
    const found = (start: number, trip: string | null, why: Silence['why']): Silence => ({
      start,
      severity: severityAfter(now - start, was.carrying, was),
      trip,
      lat: was.lat,
      lon: was.lon,
      carrying: was.carrying,
      why,
      backAt: 0,
      backReports: 0,
    });
    if (was.dueUntil - from >= enoughMs) return found(from, was.trip, 'run_due');
    if (was.accOn === true) return found(from, was.trip, 'ignition_on');
    if (!plan.registers.duties) return null;
    // Parked with the ignition off it need not speak, until its next run is due.
    const until = Math.min(now, from + table.searchDays * 86_400_000);
    const halfS = (until - from) / 2000;
    for (const duty of plan.dutiesAt(was.vehicle, from + halfS * 1000, halfS)) {
      if (duty.start <= from || duty.end - duty.start < enoughMs) continue;
      if (now - duty.start >= enoughMs) return found(duty.start, duty.trip.id, 'run_due');
    }
    return null;
  }

  const leastMs = (was: Contact): number => Math.max(table.recordS, table.intervals * was.intervalS) * 1000;
  const afterMs = (was: Contact): number => leastMs(was) + usualGapS(was) * 1000;

  /** How long buses are usually unheard where it was last heard, or just ahead of that; 0 where they are heard. */
  function usualGapS(was: Contact): number {
    const { lat, lon, headingDeg } = was;
    if (dark.length === 0 || lat === null || lon === null) return 0;
    let gapS = 0;
    for (let aheadM = 0; aheadM <= table.aheadM; aheadM += PROBE_M) {
      const [x, y] = aheadM === 0 ? [lon, lat] : destination([lon, lat], aheadM, headingDeg ?? 0);
      for (const fence of dark)
        if (holds(fence, y, x)) gapS = Math.max(gapS, fence.usualGapS ?? table.usualGapS);
      if (headingDeg == null) break;
    }
    return gapS;
  }

  function severityAfter(silentMs: number, carrying: boolean, was: Contact): Severity {
    const silentS = silentMs / 1000 - usualGapS(was);
    // Whether pupils are aboard is inferred as long as nobody scans them.
    if (carrying && silentS >= table.graveS) return cappedByAboard('P1', 'inferred');
    return silentS >= Math.max(table.violationS, 2 * table.intervals * was.intervalS) ? 'P2' : 'P3';
  }

  function tell(kind: FindingChange['kind'], was: Contact, open: Silence, end: number | null): FindingChange {
    const evidence: { [key: string]: JsonValue } = {
      ruleVersion: VERSION,
      parameters,
      planVersion: plan.version,
      route: (open.trip === null ? null : plan.trips.get(open.trip)?.routeId) ?? null,
      source: 'platform',
      reason: open.why,
      aboard: 'inferred',
      carrying: open.carrying,
      lastContact: chinaTime(open.start),
      provider: plan.vehicles.get(was.vehicle)?.operatorId ?? null,
      district: plan.vehicles.get(was.vehicle)?.district ?? null,
      ...(end === null ? {} : { durationS: Math.round((end - open.start) / 1000) }),
      thresholds: { ...table },
      explain: explain(open),
    };
    return {
      kind,
      finding: {
        id: findingId('terminal_offline', was.vehicle, open.start),
        rule: 'terminal_offline',
        vehicle: was.vehicle,
        trip: open.trip,
        severity: open.severity,
        start: open.start,
        end,
        lat: open.lat,
        lon: open.lon,
        late: false,
        evidence,
      },
    };
  }

  return { contact, silence };
}

const NOTHING = {};

/** What is kept of a report for the next silence. */
function heard(
  was: Contact | null,
  report: Report,
  { trip, start, end, runState, lateS, drop }: Bearing,
  silence: Silence | null,
  dropWithinS: number,
): Contact {
  const now = report.receivedAt;
  const passedS = was === null ? 0 : Math.max(0, (now - was.lastReceivedAt) / 1000);
  const due = runState === 'EMPTY' || runState === 'CARRYING' || runState === 'PLANNED';
  const located = report.positioned && !(report.lat === 0 && report.lon === 0);
  const dropped = drop !== null && drop.time <= report.time && report.time - drop.time <= dropWithinS * 1000;
  return {
    vehicle: report.vehicle,
    lastReceivedAt: Math.max(now, was?.lastReceivedAt ?? 0),
    intervalS: usualInterval(was?.intervalS ?? 0, passedS),
    accOn: report.accOn,
    lat: located ? report.lat : (was?.lat ?? null),
    lon: located ? report.lon : (was?.lon ?? null),
    trip: due ? trip : null,
    dueUntil: due && start <= now ? end + Math.max(0, lateS) * 1000 : 0,
    carrying: runState === 'CARRYING',
    silence,
    headingDeg: report.directionDeg,
    ...(dropped ? { drop } : NOTHING),
  };
}

/** R24: not heard any more just after its speed fell as in a collision. Over as it is told. */
function lostAfter(was: Contact, drop: Drop, plan: Plan, parameters: string): FindingChange {
  const { time, fromKmh, toKmh } = drop;
  return {
    kind: 'opened',
    finding: {
      // As the rule itself would call it, should the vehicle be heard again where it stands.
      id: findingId('collision', was.vehicle, drop.stillAt ?? time),
      rule: 'collision',
      vehicle: was.vehicle,
      trip: was.trip,
      severity: 'P1',
      start: time,
      end: time,
      lat: was.lat,
      lon: was.lon,
      late: false,
      evidence: {
        ruleVersion: 'R24/1',
        parameters,
        planVersion: plan.version,
        route: (was.trip === null ? null : plan.trips.get(was.trip)?.routeId) ?? null,
        source: 'platform',
        reason: 'signal_lost',
        fromKmh,
        toKmh,
        lastContact: chinaTime(was.lastReceivedAt),
        explain: {
          zh: `车速由 ${fromKmh} km/h 骤降至 ${toKmh} km/h 后终端失联，疑似碰撞，立即联系随车人员（《校车安全管理条例》第四十二条）。`,
          en: `From ${fromKmh} to ${toKmh} km/h at once, and not heard of since: most likely a collision. Call the crew (School Bus Safety Regulation Art. 42).`,
        },
      },
    },
  };
}

/** The usual seconds between reports, slow to believe a gap. */
export function usualInterval(was: number, passedS: number): number {
  if (passedS <= 0) return was;
  if (was === 0) return Math.round(Math.min(passedS, 300) * 10) / 10;
  return Math.round((was + 0.2 * (Math.min(passedS, 3 * was + 5) - was)) * 10) / 10;
}

function explain(open: Silence): { zh: string; en: string } {
  return open.why === 'ignition_on'
    ? {
        zh: '终端在点火状态下停止上报。',
        en: 'The terminal stopped reporting while the ignition was on.',
      }
    : {
        zh: '班次应在运行，终端未上报。',
        en: 'A run is due and the terminal does not report.',
      };
}
