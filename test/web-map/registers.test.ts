import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import type { CurrentPlan } from '../../services/plan/current-plan.ts';
import { importPlan } from '../../services/plan/import-plan.ts';
import { watchPlan } from '../../services/plan/watch-plan.ts';
import type { ReportStore } from '../../services/store/report-store.ts';
import { at, SMALL_PLAN } from '../services/api/small-plan.ts';
import { type Fixture, finding, PASSWORD, startFixture, stored } from '../services/api/web-fixture.ts';
import { silent } from '../services/bus/bus-behaviour.ts';
import { memoryPlans } from '../support/memory-plans.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { PHONE, signIn, startBrowser, type Visit, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 120_000;

const FENCES = SMALL_PLAN.get('fences.geojson')!.replace('speed_zone', 'danger_section');
const PLAN = new Map(SMALL_PLAN)
  .set('fences.geojson', FENCES)
  .set(
    'vehicles.csv',
    SMALL_PLAN.get('vehicles.csv')!
      .replace('district\n', 'district,inspection_valid_to\n')
      .replace(',D1\n', ',D1,20261201\n')
      .replace(',D2\n', ',D2,20261101\n'),
  );

/** Thirty days of two buses. */
const REPORTS: Partial<ReportStore> = {
  rolledDays: async () => new Map([['2026-11-24', at('07:00')]]),
  vehicleFigures: async () =>
    ['V1', 'V2'].map((vehicle, i) => ({
      vehicle,
      days: 30 - i,
      driftDays: i,
      reports: 20_000,
      qualified: 19_800,
      drifts: i,
      drivenM: 900_000,
      completeM: 880_000,
      onlineS: 180_000,
    })),
  dayFigures: async (from) =>
    Array.from({ length: 30 }, (_, i) => ({
      day: new Date(Date.parse(from) + i * 86_400_000).toISOString().slice(0, 10),
      vehicles: i % 9 === 4 ? 1 : 2,
      driftVehicles: 0,
      reports: 1_300,
      qualified: 1_290 - (i % 5) * 9,
      drifts: 0,
      drivenM: 60_000,
      completeM: 58_000 - (i % 7) * 700,
      onlineS: 12_000,
    })),
  findingCounts: async () => [
    { vehicle: 'V1', district: 'D1', rule: 'speeding', severity: 'P2', total: 10, handled: 8, mistaken: 1 },
  ],
  findingDays: async () => [],
  gateQuarters: async () =>
    [27, 28, 29].map((quarter, i) => ({
      school: 'S1',
      quarter,
      days: 20,
      visits: 30 + 20 * i,
      stoodS: 4_000,
      longestS: 400,
      most: 3 + i,
    })),
  violations: async () => [
    {
      id: 'F1',
      vehicle: 'V1',
      trip: 'T1',
      rule: 'speeding',
      severity: 'P2',
      start: at('07:20'),
      end: at('07:21'),
      lat: 31.73,
      lon: 119.9,
      state: 'resolved',
      resolution: 'handled',
      explain: { zh: '时速 52 公里，限速 40 公里。', en: '52 km/h where 40 are allowed.' },
    },
  ],
  findingsAt: async () => [{ place: 'fence-1', rule: 'speeding', total: 4, vehicles: 2, worst: 'P2' }],
};

describeWith('Chromium', 'the registers and the pages of supervision', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: Fixture;
  let plan: CurrentPlan;
  let end: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    const plans = memoryPlans();
    const bus = inProcessBus(silent);
    await importPlan({ files: PLAN, store: { plans }, bus, note: '' });
    plan = await watchPlan({ store: plans, bus, log: silent });
    service = await startFixture({
      pagesDir: pages.folder,
      bus,
      plan,
      prepare: ({ store }) => Object.assign(store, { plans, reports: REPORTS }),
    });
    const lead = finding('lead', 'terminal:13988887777', Date.now() - 3_600_000, {
      rule: 'illegal_school_run',
      severity: 'P3',
      evidence: {
        school: 'S1',
        days: 3,
        samePlaces: 3,
        score: 54,
        runs: [
          { date: '20261120', way: 'to', gateAt: '2026-11-20T07:21:00+08:00', places: [[119.9, 31.7]] },
          { date: '20261123', way: 'to', gateAt: '2026-11-23T07:19:00+08:00', places: [[119.9, 31.7]] },
        ],
      },
    });
    service.findings.set('lead', stored(lead, null, []));
  }, PATIENCE_MS);
  afterEach(() => end());
  afterAll(async () => {
    await browser?.close();
    await plan?.close();
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
    await signIn(page, service.base, login, PASSWORD);
    await page.locator('[data-testid=account-menu]').waitFor();
    // The account's own language is another one.
    if (how.language === 'en') await page.getByTestId('language').click();
    await page.goto(`${service.base}/${path}`);
    return page;
  }
  const look = async (page: Page, name: string) => {
    const folder = process.env.LOOK_DIR;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };
  const sound = async (page: Page) => {
    await page.mouse.move(0, 0);
    expect(await accessibilityFaults(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  };

  test('a vehicle is changed, what is wrong is said, and the change is undone', async () => {
    const page = await open('registers/vehicles');
    await page.getByRole('button', { name: '修改 V1' }).click();
    await page.getByLabel('车牌', { exact: true }).fill('苏D00002');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('alert').getByText('is already the plate of').waitFor();
    await page.getByLabel('车牌', { exact: true }).fill('苏D99999');
    await look(page, 'register-row-zh');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('cell', { name: '苏D99999' }).waitFor();
    expect(plan.plan?.vehicles.get('V1')?.plate).toBe('苏D99999');
    await sound(page);
    await look(page, 'registers-zh');
    await page.getByText('变更记录').first().click();
    await page.getByRole('button', { name: '撤销此次变更' }).first().click();
    await page.getByText('已撤销。').waitFor();
    expect(plan.plan?.vehicles.get('V1')?.plate).toBe('苏D00001');
  });

  test('a fence is drawn on the map corner by corner', async () => {
    const page = await open('registers/fences', { language: 'en' });
    await page.getByRole('button', { name: 'Add' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Kind' }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: 'depot' }).click();
    await dialog.getByRole('button', { name: 'On the map' }).click();
    await page.locator('.draw-canvas canvas[data-drawing="ready"]').waitFor();
    const box = (await page.locator('.draw-canvas').boundingBox())!;
    const corner = (x: number, y: number): [number, number] => [
      box.x + box.width * x,
      box.y + box.height * y,
    ];
    for (const [x, y] of [corner(0.3, 0.3), corner(0.6, 0.3), corner(0.6, 0.7), corner(0.3, 0.7)]) {
      await page.mouse.move(x, y);
      await page.mouse.click(x, y);
    }
    await page.mouse.click(...corner(0.3, 0.7));
    await page.waitForFunction(() =>
      [...document.querySelectorAll('textarea')].some(({ value }) => value.includes('"Polygon"')),
    );
    await look(page, 'fence-drawn-en');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'depot' }).waitFor();
    const made = plan.plan?.fences.find((fence) => fence.kind === 'depot');
    expect(made?.geometry).toMatchObject({ type: 'Polygon' });
    expect((made!.geometry as GeoJSON.Polygon).coordinates[0]).toHaveLength(5);
  });

  test('a file is shown as a difference before it is in force; a wrong one says where', async () => {
    const page = await open('registers/files');
    const choose = (name: string, text: string) =>
      page.getByTestId('upload').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByText('选择文件').waitFor();
    await choose('vehicles.csv', 'vehicle_id,seats\nV2,many\n');
    await page.getByText('vehicles.csv 第 3 行 seats').waitFor();
    await choose('vehicles.csv', 'vehicle_id,seats\nV2,44\n');
    await page.getByText('新增 0，删除 0，修改 1').waitFor();
    await sound(page);
    await look(page, 'upload-zh');
    expect(plan.plan?.vehicles.get('V2')?.seats).toBe(36);
    await page.getByRole('button', { name: '确认生效' }).click();
    await page.getByText('已生效。').waitFor();
    expect(plan.plan?.vehicles.get('V2')?.seats).toBe(44);
  });

  test('what runs out leads to its row; by night, on a phone', async () => {
    const page = await open('registers/expiring', { size: PHONE, theme: 'dark' });
    await page.getByText('已过期 23 天').waitFor();
    await page.getByText('剩余 7 天').waitFor();
    await sound(page);
    await look(page, 'expiring-phone');
    await page.getByRole('button', { name: '查看 V2' }).first().click();
    await page.getByRole('dialog').getByText('修改 V2').waitFor();
  });

  test('indicators, notice, leads, sections and gates are tables, charts and files', async () => {
    const page = await open('reports/indicators', { language: 'en', theme: 'dark' });
    await page.getByRole('cell', { name: '80.0%' }).first().waitFor();
    await page.getByRole('img', { name: /Chart over the days/ }).waitFor();
    await sound(page);
    await look(page, 'indicators-en-dark');
    for (const format of ['xlsx', 'pdf']) {
      const link = await page.getByTestId(`file-${format}`).getAttribute('href');
      const file = await page.request.get(`${service.base}${link}`);
      const head = (await file.body()).subarray(0, 4).toString('latin1');
      expect(head).toBe(format === 'pdf' ? '%PDF' : 'PK\u0003\u0004');
    }
    for (const [tab, text] of [
      ['Monthly notice', '52 km/h where 40 are allowed.'],
      ['Dangerous sections', 'Speeding 4'],
      ['School gates', 'Stood, mean (min)'],
    ] as const) {
      await page.getByText(tab).first().click();
      await page.getByText(text).first().waitFor();
      await sound(page);
      await look(page, `${tab.replaceAll(' ', '-').toLowerCase()}-en-dark`);
    }
  });

  test('a lead is looked at with the days that it rests on, and reviewed', async () => {
    const page = await open('reports/leads');
    await page.getByText('青禾小学').first().waitFor();
    await page.locator('summary').first().click();
    await page.getByText('20261123：停靠 1 处，07:19 到校门').waitFor();
    await sound(page);
    await look(page, 'leads-zh');
    await page.getByText('当前险情').first().click();
    await page.getByText('目前没有校车处于险情。').waitFor();
    await look(page, 'trouble-zh');
  });
});
