import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../geo/report.ts';
import { verifyFile } from '../../services/evidence/verify-file.ts';
import { at } from '../services/api/small-plan.ts';
import {
  type Fixture,
  finding,
  PASSWORD,
  publishAlert,
  report,
  startFixture,
  stored,
} from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { PHONE, signIn, startBrowser, type Visit, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 120_000;

/** Two minutes at the first stop with a door open, then 3 km at 50 km/h. */
const DRIVE: Report[] = Array.from({ length: 60 }, (_, i) => {
  const drivenM = Math.max(i - 24, 0) * 69.4;
  return report('V1', at('07:00') + i * 5_000, {
    lat: 31.7 + drivenM / 110_900,
    speedKmh: drivenM > 0 ? 50 : 0,
    satellites: 12,
    statusFlags: i < 20 ? 3 | (1 << 13) : 3,
  });
});

describeWith('Chromium', 'the alert desk and the replay', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: Fixture;
  let end: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    service = await startFixture({
      pagesDir: pages.folder,
      prepare(memory) {
        memory.setTrack(DRIVE);
        for (const [id, severity, rule] of [
          ['F1', 'P2', 'speeding'],
          ['F2', 'P1', 'sos'],
        ] as const)
          memory.findings.set(
            id,
            stored(finding(id, 'V1', at('07:02'), { severity, rule, trip: 'T1' }), 'D1', ['S1']),
          );
      },
    });
  }, PATIENCE_MS);
  afterEach(() => end());
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  async function open(path: string, how: Visit = {}, login = 'admin'): Promise<Page> {
    const { context, page, faults } = await visit(browser, { reducedMotion: true, ...how });
    end = async () => {
      await context.close();
      expect(faults).toEqual([]);
    };
    page.setDefaultTimeout(PATIENCE_MS / 3);
    if (how.language === 'en')
      await page.addInitScript(() =>
        localStorage.setItem('busguard.preferences', JSON.stringify({ language: 'en' })),
      );
    await signIn(page, service.base, login, PASSWORD);
    await page.locator('[data-testid=account-menu]').waitFor();
    await page.goto(`${service.base}${path}`);
    return page;
  }

  const look = async (page: Page, name: string) => {
    const folder = process.env.LOOK_DIR;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };

  test('an alert goes from new to closed by two people, and an outsider sees it live', async () => {
    const page = await open('/desk');
    const rows = page.locator('[data-row]');
    await rows.first().waitFor();
    // The gravest stands first.
    expect(await rows.first().getAttribute('data-row')).toBe('F2');
    await rows.first().click();
    const card = page.getByTestId('desk-alert');
    await card.getByRole('button', { name: '确认' }).click();
    await card.getByText('确认了告警').waitFor();
    await card.getByRole('button', { name: '备注' }).click();
    await card.getByLabel('备注', { exact: true }).fill('已联系随车照管人员');
    await card.locator('form').getByRole('button', { name: '备注' }).click();
    await card.getByText('已联系随车照管人员').waitFor();
    await card.getByRole('button', { name: '处置', exact: true }).click();
    await card.getByText('驾驶人', { exact: true }).click();
    await card.locator('form').getByRole('button', { name: '处置', exact: true }).click();
    await card.getByText('已处置，待复核').waitFor();
    // Of P1 whoever handled it does not review it.
    await card.getByRole('button', { name: '复核' }).click();
    await card.getByText('属实').click();
    await card.locator('form').getByRole('button', { name: '复核' }).click();
    await page.getByText('P1 告警须由处置人以外的人员复核').waitFor();
    await page.mouse.move(0, 0);
    await look(page, 'desk-zh-light');
    expect(await accessibilityFaults(page)).toEqual([]);
    const cookie = await service.signIn('police1');
    const reviewed = await service.ask('/api/v1/alerts/F2/review', {
      method: 'POST',
      body: JSON.stringify({ verdict: 'true' }),
      cookie,
    });
    expect(reviewed.status).toBe(200);
    // What another did is there without asking.
    await card.getByText('办结了告警').waitFor();
    expect(await page.locator('[data-row="F2"]').count()).toBe(0);
  });

  test('a new alert appears by itself, and is handed over with a pack that verifies', async () => {
    const page = await open('/desk/F1', { language: 'en', theme: 'dark' });
    const card = page.getByTestId('desk-alert');
    await card.waitFor();
    const fresh = finding('F7', 'V1', at('07:03'), { severity: 'P1', rule: 'collision', trip: 'T1' });
    service.findings.set('F7', stored(fresh, 'D1', ['S1']));
    publishAlert(service.bus, fresh, { district: 'D1', schoolIds: ['S1'] });
    await page.locator('[data-row="F7"]').waitFor();
    await card.getByRole('button', { name: 'Hand over to police' }).click();
    await card.getByLabel('Police unit').fill('武进交警大队');
    await card.locator('form').getByRole('button', { name: 'Hand over to police' }).click();
    await card.getByText('handed it over').waitFor();
    const href = await card.getByRole('link', { name: 'Archive (ZIP)' }).getAttribute('href');
    const zip = await page.request.get(`${service.base}${href}`);
    expect(verifyFile(new Uint8Array(await zip.body()), null)).toMatchObject({ ok: true, alert: 'F1' });
    await page.getByTestId('shift').click();
    await page.getByLabel('What the next shift has to know').fill('Bus 3 waits for repair');
    await page.getByRole('button', { name: 'Hand over', exact: true }).click();
    await page.getByText('Bus 3 waits for repair').waitFor();
    await page.mouse.move(0, 0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await look(page, 'desk-en-dark');
  });

  const SPAN = `from=${encodeURIComponent(new Date(at('06:59')).toISOString())}&to=${encodeURIComponent(new Date(at('07:10')).toISOString())}`;

  test('a bus is replayed: a click into the chart takes it there, keys and buttons too', async () => {
    const page = await open(`/replay/V1?${SPAN}`);
    await page.waitForFunction(() => document.querySelector('[data-replay]') !== null);
    const placeOf = () => page.locator('.replay-map').getAttribute('data-at');
    const before = await placeOf();
    const chart = page.locator('[data-chart="speed"]');
    const box = (await chart.boundingBox())!;
    await chart.click({ position: { x: box.width * 0.9, y: box.height / 2 } });
    await page.waitForFunction(
      (was) => document.querySelector('.replay-map')?.getAttribute('data-at') !== was,
      before,
    );
    expect(await page.getByTestId('moment').textContent()).toMatch(/^07:04:\d\d · 50/);
    const slider = page.getByRole('slider', { name: '时刻' });
    await slider.focus();
    await slider.press('Home');
    expect(await page.getByTestId('moment').textContent()).toMatch(/^07:00:00 · 0/);
    await page.getByTestId('play').click();
    await page.waitForFunction(
      () => !document.querySelector('[data-testid="moment"]')?.textContent?.startsWith('07:00:00'),
    );
    await page.getByTestId('play').click();
    expect(await page.locator('[data-lane="doors"]').getAttribute('data-on')).toBe('1');
    expect(await page.locator('[data-lane="stops"]').getAttribute('data-on')).toBe('1');
    await page.getByTestId('plan-table').first().waitFor();
    expect(await page.getByRole('link', { name: 'GPX' }).getAttribute('href')).toContain('format=gpx');
    await page.mouse.move(0, 0);
    await look(page, 'replay-zh-light');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('both on a phone, in English, by night', async () => {
    const page = await open(`/replay/V1?${SPAN}`, { size: PHONE, language: 'en', theme: 'dark' });
    await page.waitForFunction(() => document.querySelector('[data-replay]') !== null);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await wide()).toBeLessThanOrEqual(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await look(page, 'replay-phone');
    await page.goto(`${service.base}/desk/F1`);
    await page.getByTestId('desk-alert').waitFor();
    expect(await wide()).toBeLessThanOrEqual(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await look(page, 'desk-phone');
  });
});
