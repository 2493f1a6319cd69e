import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertView, PositionView, TrackPoint, VehicleView } from '../../services/api/contract.ts';
import { describeWith } from '../support/needs.ts';
import { getJson, type Service, signIn, startService, until } from '../support/service.ts';
import { startBrowser, visit } from '../web-map/support/browser.ts';

/** What the demo stages, and how often it may be found: the last two belong to a bus, not to one of its runs. */
const STAGED: { readonly [rule: string]: 'once' | 'once a run' } = {
  speeding: 'once',
  route_deviation: 'once',
  sos: 'once',
  terminal_offline: 'once',
  unapproved_vehicle: 'once a run',
  missing_escort: 'once a run',
};

describe('npm start on an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'busguard-demo-'));
  let service: Service;

  const cookieOf = (login: string) =>
    signIn(service.httpPort, { login, password: service.logins.get(login) ?? '' });
  const get = async <T>(login: string, path: string): Promise<T> =>
    getJson<T>(service.httpPort, `/api/v1/${path}`, await cookieOf(login));
  const positions = (login: string) => get<{ items: PositionView[] }>(login, 'positions/latest');
  const alertsOf = (login: string) => get<{ items: AlertView[] }>(login, 'alerts?limit=200');

  beforeAll(async () => {
    service = await startService({ env: { DATA_DIR: folder }, startTimeoutMs: 180_000 });
  }, 200_000);

  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('moves about forty buses whatever the hour', async () => {
    const at = async () => new Map((await positions('admin')).items.map((p) => [p.vehicle, p]));
    const before = await until(
      async () => {
        const now = await at();
        return now.size >= 38 ? now : null;
      },
      30_000,
      () => `the fleet did not report:\n${service.output()}`,
    );
    const moving = await until(
      async () => {
        const now = await at();
        const moved = [...now.values()].filter((p) => {
          const was = before.get(p.vehicle);
          return was && (was.lat !== p.lat || was.lon !== p.lon) && p.run !== null;
        });
        return moved.length >= 20 ? moved : null;
      },
      30_000,
      () => 'fewer than twenty buses moved',
    );
    expect(moving.length).toBeGreaterThanOrEqual(20);
  });

  it('shows each login what it may see, and no more', async () => {
    const everyone = (await positions('admin')).items;
    const west = (await positions('police')).items;
    const east = (await positions('police-east')).items;
    expect(west.length).toBeGreaterThan(0);
    expect(east.length).toBeGreaterThan(0);
    expect(west.length + east.length).toBe(everyone.length);
    expect(new Set(west.map((p) => p.district)).size).toBe(1);
    const school = (await get<{ items: VehicleView[] }>('school', 'vehicles')).items;
    expect(school.length).toBeGreaterThan(0);
    expect(school.length).toBeLessThan(everyone.length);
    const family = (await positions('guardian')).items;
    expect(family.length).toBeLessThanOrEqual(1);
    for (const bus of family) expect(bus).not.toHaveProperty('speedKmh');
    expect((await positions('escort')).items.length).toBeLessThanOrEqual(1);
    await expect(alertsOf('guardian')).rejects.toThrow(/403/);
    await expect(getJson(service.httpPort, '/api/v1/positions/latest', '')).rejects.toThrow(/401/);
  });

  describeWith('Chromium', 'in a browser', () => {
    const enter = async (page: Page, login: string): Promise<void> => {
      await page.goto(`http://127.0.0.1:${service.httpPort}/`);
      await page.locator('input[autocomplete="username"]').fill(login);
      await page.locator('input[type="password"]').fill(service.logins.get(login) ?? '');
      await page.keyboard.press('Enter');
      await page.locator('.maplibregl-canvas').waitFor();
    };

    it.each([
      ['zh', { width: 1440, height: 900 }],
      ['en', { width: 390, height: 844 }],
    ] as const)(
      'draws the fleet and keeps it moving (%s)',
      async (language, size) => {
        const browser = await startBrowser();
        const { page, faults } = await visit(browser, { language, size });
        await enter(page, 'admin');
        /** The picture of the map, until it differs from the one before. */
        const picture = async () =>
          (await page.locator('.maplibregl-canvas').screenshot()).toString('base64');
        const first = await picture();
        await until(
          async () => (await picture()) !== first,
          20_000,
          () => 'the map stands still',
        );
        expect(faults).toEqual([]);
        await browser.close();
      },
      90_000,
    );
  });

  it('finds the six staged incidents, and nothing else', async () => {
    const found = await until(
      async () => {
        const items = (await alertsOf('admin')).items;
        const rules = new Set(items.map((alert) => alert.rule));
        const offline = items.find((alert) => alert.rule === 'terminal_offline');
        return Object.keys(STAGED).every((rule) => rules.has(rule as AlertView['rule'])) && offline?.end
          ? items
          : null;
      },
      420_000,
      () => 'not all six were found',
    );
    const said = found.map(({ rule, vehicle, trip }) => ({ rule, vehicle, trip }));
    for (const [rule, often] of Object.entries(STAGED)) {
      const ofRule = said.filter((alert) => alert.rule === rule);
      expect(new Set(ofRule.map((alert) => alert.vehicle)).size, JSON.stringify(ofRule)).toBe(1);
      if (often === 'once') expect(ofRule).toHaveLength(1);
      else expect(new Set(ofRule.map((alert) => alert.trip)).size).toBe(ofRule.length);
    }
    expect(said.filter((alert) => !(alert.rule in STAGED))).toEqual([]);
    expect(found.filter((alert) => alert.retracted)).toEqual([]);

    const silent = found.find((alert) => alert.rule === 'terminal_offline')?.vehicle as string;
    const from = new Date(Date.now() - 900_000).toISOString();
    const track = await get<{ items: TrackPoint[] }>('admin', `vehicles/${silent}/positions?from=${from}`);
    expect(track.items.filter((point) => point.backfill).length).toBeGreaterThan(20);
  }, 480_000);
});
