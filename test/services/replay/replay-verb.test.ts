import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import { verb } from '../../../services/cli/replay.ts';
import { writePlanFiles } from '../../../services/plan/plan-files.ts';
import { demoPlanFiles } from '../../../services/simulator/demo-plan.ts';
import { fleetReports } from '../../../services/simulator/fleet-reports.ts';

let folder = '';
let rows: string[] = [];
const HEADER = 'vehicle,time,lat,lon,speed_kmh,bearing,serial';

/** Runs the verb in this process, with what it writes. */
async function replay(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    const status = await verb.run(args);
    const findings = written.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { readonly [key: string]: unknown });
    return { status, ...written, findings };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('the replay verb', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'busguard-replay-'));
    const files = demoPlanFiles();
    await writePlanFiles(join(folder, 'plan'), files);
    const built = buildPlan(files, 'demo');
    if (!built.ok) throw new Error('the demo plan does not build');
    const { reports } = fleetReports({
      plan: built.plan,
      files,
      buses: null,
      intervalS: 5,
      seed: 1,
      startAt: Date.parse('2026-03-02T07:10:00+08:00'),
      durationS: 300,
      incidents: true,
    });
    rows = reports.map((r) =>
      [r.vehicle, new Date(r.time).toISOString(), r.lat, r.lon, r.speedKmh, r.directionDeg, r.serial].join(
        ',',
      ),
    );
    writeFileSync(join(folder, 'track.csv'), `${[HEADER, ...rows].join('\n')}\n`);
    writeFileSync(
      join(folder, 'backwards.csv.gz'),
      gzipSync(`${[HEADER, ...[...rows].reverse()].join('\n')}\n`),
    );
    writeFileSync(join(folder, 'bad.csv'), `${[HEADER, rows[0], 'B01,now,1,2,3,4,5'].join('\n')}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('prints what the rules find, the same bytes each time and whatever the order of the rows', async () => {
    const first = await replay('--plan', join(folder, 'plan'), '--track', join(folder, 'track.csv'));
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    const rules = new Set(first.findings.map((f) => f.rule));
    expect(rules).toEqual(new Set(['speeding', 'route_deviation', 'unapproved_vehicle', 'missing_escort']));
    expect(Object.keys(first.findings[0]!)).toEqual(
      'id rule vehicle trip severity start end lat lon late evidence'.split(' '),
    );
    expect(String(first.findings[0]!.start)).toMatch(/^2026-03-02T07:1\d:\d\d\+08:00$/);
    const starts = first.findings.map((f) => `${f.start} ${f.id}`);
    expect(starts).toEqual([...starts].sort());
    const backwards = await replay(
      '--plan',
      join(folder, 'plan'),
      '--track',
      join(folder, 'backwards.csv.gz'),
    );
    expect(backwards.stdout).toBe(first.stdout);
  });

  it('replays only the span asked for, of several tracks', async () => {
    const { status, findings } = await replay(
      '--plan',
      join(folder, 'plan'),
      '--track',
      join(folder, 'track.csv'),
      '--track',
      join(folder, 'track.csv'),
      '--from',
      '2026-03-02T07:12:30',
      '--to',
      '2026-03-02T07:14:00+08:00',
    );
    expect(status).toBe(0);
    expect(findings.map((f) => f.rule)).not.toContain('speeding');
  });

  it('names a bad row and says by its exit code that not everything was done', async () => {
    const { status, stderr } = await replay(
      '--plan',
      join(folder, 'plan'),
      '--track',
      join(folder, 'bad.csv'),
    );
    expect([status, stderr]).toEqual([1, `${join(folder, 'bad.csv')}:3: time is not a time: now\n`]);
  });

  it('refuses what it cannot do', async () => {
    expect((await replay('--track', 'x')).status).toBe(2);
    expect((await replay('--plan', folder, '--track', 'x', '--from', 'noon')).status).toBe(2);
    expect((await replay('--plan', join(folder, 'none'), '--track', join(folder, 'track.csv'))).status).toBe(
      1,
    );
    expect((await replay('--plan', join(folder, 'plan'), '--track', join(folder, 'none.csv'))).status).toBe(
      1,
    );
  });
});
