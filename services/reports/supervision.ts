import type { Plan } from '../../geo/plan/plan.ts';
import type {
  DayFigures,
  FindingCount,
  FindingDay,
  ReportScope,
  ReportStore,
  VehicleFigures,
} from '../store/report-store.ts';
import { dayAfter, startOfDay } from './days.ts';

/** What the figures are broken down by. */
export const GROUPINGS = ['provider', 'district', 'school'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/**
 * The figures that supervision platforms are rated by, of a group of vehicles over a span of days. A rate is null where
 * there is nothing that it could be a share of.
 */
export interface SupervisionFigures {
  /** On the register and in service. */
  readonly vehicles: number;
  /** 入网率: of the vehicles, those whose terminal has ever been heard. */
  readonly connectedRate: number | null;
  /** 上线率: of the days on which they should run, those on which they reported. */
  readonly onlineRate: number | null;
  /** 轨迹完整率: of the way driven, what was reported without a gap. */
  readonly completeRate: number | null;
  /** 数据合格率: of the reports, those whose every field can be what it says. */
  readonly qualifiedRate: number | null;
  /** 漂移车辆率: of the vehicle-days with reports, those with drift. */
  readonly driftRate: number | null;
  readonly alerts: { readonly P1: number; readonly P2: number; readonly P3: number };
  /** 处置率: of the alerts that are no mere records (P1, P2), those that were handled. Under 90 % is punishable. */
  readonly handlingRate: number | null;
  /** 误报率: of those handled, what turned out to be none. */
  readonly mistakenRate: number | null;
  readonly drivenKm: number;
  readonly onlineHours: number;
}

export interface SupervisionGroup extends SupervisionFigures {
  readonly id: string;
  readonly name: string;
}

export interface SupervisionDay {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Did any run go, by the plan in force? */
  readonly running: boolean;
  readonly onlineRate: number | null;
  readonly completeRate: number | null;
  readonly qualifiedRate: number | null;
  readonly driftRate: number | null;
  readonly handlingRate: number | null;
  readonly alerts: { readonly P1: number; readonly P2: number; readonly P3: number };
}

export interface SupervisionReport {
  readonly from: string;
  readonly to: string;
  readonly by: Grouping;
  /** When the newest figure was rolled up, milliseconds since the epoch; null where none was. */
  readonly asOf: number | null;
  /** Days of the span on which runs go, by the plan in force. */
  readonly runningDays: number;
  readonly total: SupervisionFigures;
  readonly groups: readonly SupervisionGroup[];
  readonly days: readonly SupervisionDay[];
}

export interface SupervisionQuestion {
  readonly from: string;
  readonly to: string;
  readonly by: Grouping;
  /** Vehicles on the register that the asker may see. */
  readonly vehicles: readonly string[];
  /** By which the rows of the store are narrowed. */
  readonly scope: ReportScope;
  /** Groups of a vehicle by id. */
  readonly groupsOf: (vehicle: string) => readonly string[];
  readonly nameOf: (group: string) => string;
  /** Vehicles heard by now. */
  readonly heard: ReadonlySet<string>;
}

export async function supervisionReport(
  reports: ReportStore,
  plan: Plan,
  question: SupervisionQuestion,
): Promise<SupervisionReport> {
  const { from, to, by, scope, vehicles, heard } = question;
  const span = [startOfDay(from), startOfDay(dayAfter(to))] as const;
  const figures = await reports.vehicleFigures(from, to, scope);
  const days = await reports.dayFigures(from, to, scope);
  const counts = await reports.findingCounts(...span, scope);
  const alertDays = await reports.findingDays(...span, scope);
  const rolled = await reports.rolledDays(from, to);
  const running = runningDays(plan, from, to);
  const about = { running: running.size, heard };
  const groups = new Map<string, Parts>();
  const partsOf = (group: string): Parts => {
    const known = groups.get(group) ?? newParts();
    groups.set(group, known);
    return known;
  };
  const total = newParts();
  const each = (vehicle: string, put: (parts: Parts) => void): void => {
    put(total);
    for (const group of question.groupsOf(vehicle)) put(partsOf(group));
  };
  for (const vehicle of vehicles) each(vehicle, (parts) => parts.vehicles.push(vehicle));
  for (const one of figures) each(one.vehicle, (parts) => parts.figures.push(one));
  for (const one of counts) each(one.vehicle, (parts) => parts.counts.push(one));
  return {
    from,
    to,
    by,
    asOf: rolled.size === 0 ? null : Math.max(...rolled.values()),
    runningDays: running.size,
    total: fold(total, about),
    groups: [...groups]
      .map(([id, parts]) => ({ id, name: question.nameOf(id), ...fold(parts, about) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    days: dayList(from, to).map((day) => dayOf(day, running.has(day), vehicles.length, days, alertDays)),
  };
}

interface Parts {
  readonly vehicles: string[];
  readonly figures: VehicleFigures[];
  readonly counts: FindingCount[];
}

const newParts = (): Parts => ({ vehicles: [], figures: [], counts: [] });

function fold(
  { vehicles, figures, counts }: Parts,
  { running, heard }: { running: number; heard: ReadonlySet<string> },
): SupervisionFigures {
  const known = new Set(vehicles);
  const reported = new Set(figures.map(({ vehicle }) => vehicle));
  const connected = vehicles.filter((vehicle) => heard.has(vehicle) || reported.has(vehicle)).length;
  const ofRegister = figures.filter(({ vehicle }) => known.has(vehicle));
  // A bus that also went out on a day off is not online more than always.
  const onlineDays = sum(ofRegister, ({ days }) => Math.min(days, running));
  const drivenM = sum(figures, (one) => one.drivenM);
  const grave = counts.filter(({ severity }) => severity !== 'P3');
  const of = (severity: string) =>
    sum(
      counts.filter((one) => one.severity === severity),
      (one) => one.total,
    );
  const handled = sum(grave, (one) => one.handled);
  return {
    vehicles: vehicles.length,
    connectedRate: share(connected, vehicles.length),
    onlineRate: share(onlineDays, vehicles.length * running),
    completeRate: share(
      sum(figures, (one) => one.completeM),
      drivenM,
    ),
    qualifiedRate: share(
      sum(figures, (one) => one.qualified),
      sum(figures, (one) => one.reports),
    ),
    driftRate: share(
      sum(figures, (one) => one.driftDays),
      sum(figures, (one) => one.days),
    ),
    alerts: { P1: of('P1'), P2: of('P2'), P3: of('P3') },
    handlingRate: share(
      handled,
      sum(grave, (one) => one.total),
    ),
    mistakenRate: share(
      sum(grave, (one) => one.mistaken),
      handled,
    ),
    drivenKm: Math.round(drivenM / 100) / 10,
    onlineHours: Math.round(sum(figures, (one) => one.onlineS) / 360) / 10,
  };
}

function dayOf(
  day: string,
  running: boolean,
  vehicles: number,
  figures: readonly DayFigures[],
  alerts: readonly FindingDay[],
): SupervisionDay {
  const of = figures.find((one) => one.day === day);
  const ofDay = alerts.filter((one) => one.day === day);
  const grave = ofDay.filter(({ severity }) => severity !== 'P3');
  const count = (severity: string) => ofDay.find((one) => one.severity === severity)?.total ?? 0;
  return {
    day,
    running,
    onlineRate: running ? share(Math.min(of?.vehicles ?? 0, vehicles), vehicles) : null,
    completeRate: of ? share(of.completeM, of.drivenM) : null,
    qualifiedRate: of ? share(of.qualified, of.reports) : null,
    driftRate: of ? share(of.driftVehicles, of.vehicles) : null,
    handlingRate: share(
      sum(grave, (one) => one.handled),
      sum(grave, (one) => one.total),
    ),
    alerts: { P1: count('P1'), P2: count('P2'), P3: count('P3') },
  };
}

/** Days on which any service of the plan's trips is on. */
function runningDays(plan: Plan, from: string, to: string): Set<string> {
  const services = new Set([...plan.trips.values()].map((trip) => trip.serviceId));
  return new Set(
    dayList(from, to).filter((day) =>
      [...services].some((service) => plan.serviceRuns(service, day.replaceAll('-', ''))),
    ),
  );
}

export function dayList(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) days.push(day);
  return days;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
