import type { Finding, RuleName } from '../../geo/finding.ts';
import { replayReports } from '../../geo/judge/replay-reports.ts';
import { offLine, type TrackLine } from '../../geo/matching/track-line.ts';
import { tripLines } from '../../geo/matching/trip-line.ts';
import type { Report } from '../../geo/report.ts';
import { sharedFolder } from '../support/needs.ts';
import { capmetroDay } from './capmetro.ts';
import { injectedRuns } from './injected.ts';
import { injectedStops } from './injected-stops.ts';
import { nftaDay } from './nfta.ts';
import type { RecordedDay } from './recorded-day.ts';
import { changshaDay, geolifeDay, liverpoolDay, munichDay, oberfrankenDay } from './road-tracks.ts';
import { contradiction, withServedRoster } from './served-stops.ts';
import { wmataDay } from './wmata.ts';

/**
 * How quiet the rules are on recorded traffic that did nothing wrong, and how sharp on what is put into it.
 * Run by `npx tsx test/evaluation/quiet.ts [name]`. A deviation is false where the track stays within 60 m of its line.
 */
const FALSE_WITHIN_M = 60;
/** Gaps longer than this are not time on the road. */
const LONGEST_GAP_S = 600;

if (sharedFolder === null) throw new Error('the recorded tracks are not on this machine');
const shared = sharedFolder;
const wanted = process.argv[2] ?? '';
const days: readonly [string, () => RecordedDay][] = [
  ['wmata duties', () => wmataDay(shared, true)],
  ['wmata plain', () => wmataDay(shared, false)],
  ['oberfranken', () => oberfrankenDay(shared)],
  ['liverpool', () => liverpoolDay(shared)],
  ['munich', () => munichDay(shared)],
  ['changsha', () => changshaDay(shared)],
  ['geolife', () => geolifeDay(shared)],
  ...['20200730', '20200731', '20200801'].map((day): [string, () => RecordedDay] => [
    `nfta ${day}`,
    () => nftaDay(shared, day),
  ]),
  ...['2016-11-24', '2016-11-25', '2016-11-26', '2016-11-27'].map((day): [string, () => RecordedDay] => [
    `capmetro ${day}`,
    () => capmetroDay(shared, day),
  ]),
];

const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
};

print([
  'track',
  'reports',
  'vehicle-hours',
  'deviations',
  'false',
  'false per 1,000 h',
  'speeding',
  'fastest believed',
  'offline',
]);
print(Array.from({ length: 9 }, () => '---'));
for (const [name, load] of days) {
  if (!name.includes(wanted)) continue;
  const day = load();
  const findings = replayReports(day.plan, day.reports);
  const hours = vehicleHours(day.reports);
  const deviations = findings.filter(is('route_deviation'));
  const wrong = deviations.filter((finding) => isFalse(day, finding));
  const fast = findings.filter(is('speeding'));
  print([
    day.name,
    day.reports.length,
    Math.round(hours * 10) / 10,
    deviations.length,
    wrong.length,
    Math.round((wrong.length / hours) * 1_000 * 10) / 10,
    fast.length,
    fast.length === 0 ? '-' : `${Math.max(...fast.map((f) => Number(f.evidence.peakKmh)))} km/h`,
    findings.filter(is('terminal_offline')).length,
  ]);
  if (process.argv.includes('--list')) for (const finding of [...deviations, ...fast]) list(finding);
}
process.stdout.write('\n');
/** What is told of stops and time, with a pupil at every stop that the recorded bus served; in brackets what its own fixes contradict. */
const STOP_FINDINGS: readonly [string, (finding: Finding) => boolean][] = [
  ['skipped stop', (f) => f.rule === 'skipped_stop' && f.severity === 'P2'],
  ['no fixes over a stop', (f) => f.rule === 'skipped_stop' && f.severity === 'P3'],
  ['wrong order', is('wrong_stop_order')],
  [
    'unplanned stop P2',
    (f) => f.rule === 'unplanned_stop' && f.evidence.reason === 'unplanned' && f.severity === 'P2',
  ],
  [
    'unplanned stop P3',
    (f) => f.rule === 'unplanned_stop' && f.evidence.reason === 'unplanned' && f.severity === 'P3',
  ],
  ['long stop', (f) => f.rule === 'unplanned_stop' && f.evidence.reason === 'long'],
  ['left early', (f) => f.evidence.reason === 'early_departure'],
  ['late', (f) => f.rule === 'off_schedule' && f.evidence.reason === 'late'],
  ['not begun', (f) => f.evidence.reason === 'not_started'],
];
print(['per 1,000 vehicle-hours', ...STOP_FINDINGS.map(([name]) => name)]);
print(Array.from({ length: STOP_FINDINGS.length + 1 }, () => '---'));
for (const [name, load] of days) {
  if (!name.includes(wanted)) continue;
  const day = withServedRoster(load());
  const findings = replayReports(day.plan, day.reports);
  const hours = vehicleHours(day.reports);
  const per = (count: number): number => Math.round((count / hours) * 10_000) / 10;
  print([
    day.name,
    ...STOP_FINDINGS.map(([, isOf]) => {
      const found = findings.filter(isOf);
      const wrong = found.filter((finding) => contradiction(day, finding) !== null).length;
      return found.length === 0 ? 0 : `${per(found.length)} (${per(wrong)})`;
    }),
  ]);
}
process.stdout.write('\n');
print([
  'put into the tracks',
  'cases',
  'above threshold',
  'found',
  'recall',
  'median delay s',
  'found below threshold',
]);
print(Array.from({ length: 7 }, () => '---'));
if ('wmata injected'.includes(wanted)) {
  const day = wmataDay(shared, true);
  for (const row of [...injectedRuns(day), ...injectedStops(day)]) print(row);
}

function is(rule: RuleName): (finding: Finding) => boolean {
  return (finding) => finding.rule === rule;
}

function isFalse(day: RecordedDay, finding: Finding): boolean {
  const lines = tripLines(day.plan);
  const line: TrackLine | null = finding.trip === null ? null : (lines.ofTrip(finding.trip)?.line ?? null);
  if (line === null) return true;
  return day.reports
    .filter(
      (r) =>
        r.vehicle === finding.vehicle &&
        r.time >= finding.start &&
        r.time <= (finding.end ?? Number.POSITIVE_INFINITY),
    )
    .every((r) => offLine(line, r.lat, r.lon, 1e6) <= FALSE_WITHIN_M);
}

function vehicleHours(reports: readonly Report[]): number {
  const last = new Map<string, number>();
  let seconds = 0;
  for (const report of [...reports].sort((a, b) => a.time - b.time)) {
    const before = last.get(report.vehicle);
    const passedS = before === undefined ? 0 : (report.time - before) / 1000;
    if (passedS <= LONGEST_GAP_S) seconds += passedS;
    last.set(report.vehicle, report.time);
  }
  return seconds / 3_600;
}

function list(finding: Finding): void {
  const { rule, vehicle, trip, start, end, lat, lon, evidence } = finding;
  process.stdout.write(
    `${rule} ${vehicle} ${trip} ${new Date(start).toISOString()} ${end === null ? 'open' : Math.round((end - start) / 1000)} s ${lat},${lon} peak ${evidence.peakM ?? evidence.peakKmh} at ${evidence.leftRouteAtM ?? ''}\n`,
  );
}
