import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { dark, light } from '../../web-map/src/theme/palette.ts';
import { PASSWORD, publishPosition, report, startFixture } from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { busesDrawn, signIn, startBrowser, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';
import { type LoopbackServer, startLoopbackServer } from './support/loopback-server.ts';
import { coloursOf, mixed, shareOf } from './support/picture.ts';
import { pmtilesArchive } from './support/pmtiles-archive.ts';
import { type Feature, vectorTile } from './support/vector-tile.ts';

const PATIENCE_MS = 90_000;
const SMALL = { width: 900, height: 600 };

/** Around the small plan's one street of stops: a lake in the west, a park in the east, a road between. */
const GROUND: readonly Feature[] = [
  {
    layer: 'earth',
    type: 'area',
    properties: { kind: 'earth' },
    corners: [
      [119, 31],
      [121, 32.5],
    ],
  },
  {
    layer: 'water',
    type: 'area',
    properties: { kind: 'lake' },
    corners: [
      [119.5, 31.4],
      [119.89, 32.1],
    ],
  },
  {
    layer: 'landuse',
    type: 'area',
    properties: { kind: 'park' },
    corners: [
      [119.91, 31.4],
      [120.3, 32.1],
    ],
  },
  {
    layer: 'roads',
    type: 'line',
    properties: { kind: 'highway', name: '滨湖大道' },
    corners: [
      [119.905, 31.4],
      [119.905, 32.1],
    ],
  },
  {
    layer: 'places',
    type: 'point',
    properties: { kind: 'locality', name: '湖滨镇', 'name:en': 'Lakeside' },
    corners: [[119.95, 31.76]],
  },
];
const STYLE_GROUND = '#e8d5f2';
const STYLE_WATER = '#3456f0';
/** Names that the pages use too, and addresses as seen from the style. */
const STYLE = {
  version: 8,
  glyphs: 'fonts/{fontstack}/{range}.pbf',
  sources: { buses: { type: 'vector', tiles: ['tiles/{z}/{x}/{y}.pbf'], maxzoom: 12 } },
  layers: [
    { id: 'bus', type: 'background', paint: { 'background-color': STYLE_GROUND } },
    {
      id: 'stops',
      type: 'fill',
      source: 'buses',
      'source-layer': 'water',
      paint: { 'fill-color': STYLE_WATER },
    },
  ],
};

describeWith('Chromium', 'the base map', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'busguard-basemap-'));
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
  }, PATIENCE_MS);
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(async () => {
    await browser?.close();
    pages?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  /** The real service with two buses, and somebody looking at them. */
  async function look(basemap: string | undefined) {
    const service = await startFixture({ pagesDir: pages.folder, basemap });
    ends.push(() => service.close());
    publishPosition(service.bus, report('V1', service.clock.now, { lat: 31.71 }));
    publishPosition(service.bus, report('V2', service.clock.now, { lat: 31.8 }));
    const { context, page, faults } = await visit(browser, { size: SMALL, reducedMotion: true });
    ends.push(async () => {
      await context.close();
      expect(faults).toEqual([]);
    });
    page.setDefaultTimeout(PATIENCE_MS / 2);
    const origins = new Set<string>();
    page.on('request', (request) => {
      if (request.url().startsWith('http')) origins.add(new URL(request.url()).origin);
    });
    await signIn(page, service.base, 'admin', PASSWORD);
    return { page, origins, faults, base: service.base };
  }
  const kindOfBase = (page: Page) => page.locator('.maplibregl-canvas').getAttribute('data-base');
  const untilBaseIs = (page: Page, kind: string) =>
    page.locator(`.maplibregl-canvas[data-base="${kind}"]`).waitFor({ state: 'attached' });

  async function startStyleServer(health: { tiles: number; style: number }): Promise<LoopbackServer> {
    const server = await startLoopbackServer((path, response) => {
      const tile = /^\/maps\/tiles\/(\d+)\/(\d+)\/(\d+)\.pbf$/.exec(path);
      if (path === '/maps/style.json') {
        response.writeHead(health.style, { 'content-type': 'application/json' });
        response.end(health.style === 200 ? JSON.stringify(STYLE) : '');
      } else if (tile) {
        const [z, x, y] = tile.slice(1).map(Number);
        const bytes = health.tiles === 200 ? vectorTile(GROUND, z!, x!, y!) : null;
        response.writeHead(bytes ? 200 : health.tiles === 200 ? 404 : health.tiles);
        response.end(bytes ?? '');
      } else response.writeHead(404).end();
    });
    ends.push(() => server.close());
    return server;
  }

  test('that is a style of another server is drawn, by day and veiled by night; no third server can be reached', async () => {
    const server = await startStyleServer({ tiles: 200, style: 200 });
    const third = await startLoopbackServer((_path, response) => void response.end('{}'));
    ends.push(() => third.close());
    const { page, origins, faults, base } = await look(`${server.origin}/maps/style.json`);
    await busesDrawn(page, 2);
    expect(await kindOfBase(page)).toBe('style');
    const share = async (colour: string) => shareOf(await coloursOf(page), colour);
    await expect.poll(() => share(STYLE_WATER)).toBeGreaterThan(0.1);
    expect(await share(STYLE_GROUND)).toBeGreaterThan(0.1);

    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => share(mixed(dark.map.land, STYLE_WATER, 0.62))).toBeGreaterThan(0.1);
    expect(await share(STYLE_WATER)).toBe(0);
    await busesDrawn(page, 2);

    expect(origins).toEqual(new Set([base, server.origin]));
    // The page's own letters are not asked of a server that has none of its font.
    expect(server.asked.filter((path) => path.includes('fonts'))).toEqual([]);
    const reach = (url: string) =>
      page.evaluate(
        (address) =>
          fetch(address).then(
            (answer) => answer.status,
            () => 'refused',
          ),
        url,
      );
    expect(await reach(`${server.origin}/maps/style.json`)).toBe(200);
    expect(await reach(`${third.origin}/`)).toBe('refused');
    expect(third.asked).toEqual([]);
    expect(faults.splice(0).join()).toContain(
      `${third.origin}/' violates the following Content Security Policy`,
    );
  });

  test('that is a tile file is drawn from ranges of it, by day and by night', async () => {
    const file = join(folder, 'district.pmtiles');
    writeFileSync(file, pmtilesArchive(GROUND, 12));
    const { page, origins, base } = await look(file);
    const statuses = new Set<number>();
    page.on('response', (response) => {
      if (response.url().endsWith('.pmtiles')) statuses.add(response.status());
    });
    await busesDrawn(page, 2);
    expect(await kindOfBase(page)).toBe('pmtiles');
    for (const palette of [light, dark]) {
      await page.emulateMedia({ colorScheme: palette.name });
      const share = async (colour: string) => shareOf(await coloursOf(page), colour);
      await expect.poll(() => share(palette.map.water)).toBeGreaterThan(0.1);
      expect(await share(palette.map.park)).toBeGreaterThan(0.1);
      expect(await share(palette.map.roadMajor)).toBeGreaterThan(0.001);
      await busesDrawn(page, 2);
    }
    expect(statuses).toEqual(new Set([206]));
    expect(origins).toEqual(new Set([base]));
  });

  test('that is none leaves everything on this server', async () => {
    const { page, origins, base } = await look(undefined);
    await busesDrawn(page, 2);
    expect(await kindOfBase(page)).toBe('offline');
    expect(await page.getByTestId('base-notice').count()).toBe(0);
    expect(origins).toEqual(new Set([base]));
  });

  test('that does not come is stood in for, calmly, and may be tried again', async () => {
    const health = { tiles: 500, style: 404 };
    const server = await startStyleServer(health);
    const { page } = await look(`${server.origin}/maps/style.json`);
    const notice = page.getByTestId('base-notice');
    await notice.waitFor();
    await busesDrawn(page, 2);
    expect(await kindOfBase(page)).toBe('offline');

    health.style = 200;
    const tries = server.asked.length;
    await notice.getByRole('button', { name: '重试' }).click();
    // The style is there now, but its tiles fail.
    await expect.poll(() => server.asked.slice(tries).some((path) => path.includes('tiles'))).toBe(true);
    await notice.waitFor();
    await untilBaseIs(page, 'offline');
    await busesDrawn(page, 2);

    health.tiles = 200;
    await notice.getByRole('button', { name: '重试' }).click();
    await untilBaseIs(page, 'style');
    await notice.waitFor({ state: 'detached' });
    await busesDrawn(page, 2);
  });

  test('that is a broken or missing file is stood in for', async () => {
    const broken = join(folder, 'broken.pmtiles');
    writeFileSync(broken, 'PMTiles? no.');
    for (const file of [broken, join(folder, 'missing/none.pmtiles')]) {
      const { page } = await look(file);
      await page.getByTestId('base-notice').waitFor();
      await busesDrawn(page, 2);
      expect(await kindOfBase(page)).toBe('offline');
    }
  });
});
