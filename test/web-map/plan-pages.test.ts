import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../geo/report.ts';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import type { CurrentPlan } from '../../services/plan/current-plan.ts';
import { importPlan } from '../../services/plan/import-plan.ts';
import { watchPlan } from '../../services/plan/watch-plan.ts';
import { at, SMALL_PLAN } from '../services/api/small-plan.ts';
import { type Fixture, PASSWORD, report, startFixture } from '../services/api/web-fixture.ts';
import { silent } from '../services/bus/bus-behaviour.ts';
import { memoryPlans } from '../support/memory-plans.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { PHONE, signIn, startBrowser, type Visit, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 120_000;

/** A minute at the first stop of T1, then 2 km at 50 km/h. */
const DRIVE: Report[] = Array.from({ length: 40 }, (_, i) => {
  const drivenM = Math.max(i - 12, 0) * 69.4;
  const speedKmh = drivenM > 0 ? 50 : 0;
  return report('V1', at('07:00') + i * 5_000, { lat: 31.7 + drivenM / 110_900, speedKmh, satellites: 12 });
});

describeWith('Chromium', 'the pages on what is changed of the plan', () => {
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
    await importPlan({ files: SMALL_PLAN, store: { plans }, bus, note: '' });
    plan = await watchPlan({ store: plans, bus, log: silent });
    service = await startFixture({
      pagesDir: pages.folder,
      bus,
      plan,
      prepare({ store }) {
        Object.assign(store, { plans });
        Object.assign(store.positions, {
          async *all() {
            yield DRIVE;
          },
        });
      },
    });
  }, PATIENCE_MS);
  afterEach(() => end());
  afterAll(async () => {
    await browser?.close();
    await plan?.close();
    await service?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  async function open(how: Visit = {}, login = 'admin'): Promise<Page> {
    const { context, page, faults } = await visit(browser, { reducedMotion: true, ...how });
    end = async () => {
      await context.close();
      expect(faults).toEqual([]);
    };
    page.setDefaultTimeout(PATIENCE_MS / 3);
    await signIn(page, service.base, login, PASSWORD);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }

  const look = async (page: Page, name: string) => {
    const folder = process.env.LOOK_DIR;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };

  /** Chooses of a list that opens over the page. */
  async function choose(page: Page, label: string, option: string): Promise<void> {
    await page.getByRole('combobox', { name: label }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: option }).first().click();
  }

  test('a run gets another bus, which is in force at once and is taken back', async () => {
    const page = await open();
    await page.getByTestId('day').click();
    await choose(page, '班次', 'T1)');
    await choose(page, '事项', '换车');
    await page.getByLabel('改为').fill('V2');
    await page.getByRole('button', { name: '添加' }).click();
    await page.getByText('已生效。').waitFor();
    const row = page.getByRole('row').filter({ hasText: '苏D00002' });
    await row.waitFor();
    expect(plan.plan?.amendments.dispatch).toMatchObject([{ tripId: 'T1', action: 'vehicle', value: 'V2' }]);
    await page.mouse.move(0, 0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await look(page, 'day-zh');
    await page.getByText('变更记录').click();
    await page.getByText('班次 T1').waitFor();
    await look(page, 'day-history');
    await page.getByRole('button', { name: '撤销此次变更' }).click();
    await page.getByText('已撤销。').waitFor();
    expect(plan.plan?.amendments.dispatch).toEqual([]);
  });

  test('says in words what is wrong with a change', async () => {
    const page = await open();
    await page.getByTestId('day').click();
    await choose(page, '班次', 'T1)');
    await choose(page, '事项', '换车');
    await page.getByLabel('改为').fill('V9');
    await page.getByRole('button', { name: '添加' }).click();
    await page.getByText('"V9" is not in vehicles.csv').waitFor();
  });

  test('a setting is tried on a day, compared, and put in force', async () => {
    const page = await open();
    await page.getByTestId('what-if').click();
    await page.getByLabel('日期').fill('2026-11-24');
    await page.getByPlaceholder('默认 60').fill('40');
    await page.getByRole('button', { name: '开始试算' }).click();
    const count = page.getByTestId('count-speeding');
    expect(await count.textContent()).toBe('超速01+1');
    await page.getByText('限速 40 km/h').waitFor();
    await page.waitForFunction(() => document.querySelector('[data-differences]') !== null);
    await page.mouse.move(0, 0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await look(page, 'what-if-zh');
    expect(plan.plan?.amendments.settings).toEqual([]);
    await page.getByRole('button', { name: '正式启用' }).click();
    await page.locator('.ant-popconfirm').getByRole('button', { name: '正式启用' }).click();
    await page.getByText('已启用。').waitFor();
    expect(plan.plan?.amendments.settings).toMatchObject([
      { parameter: 'otherRoadKmh', value: 40, mode: 'live' },
    ]);
  });

  test('on a phone, in English, by night', async () => {
    const page = await open({ size: PHONE, language: 'en', theme: 'dark' });
    await page.getByTestId('menu').click();
    await page.getByTestId('language').click();
    await page.getByTestId('what-if').click();
    await page.getByPlaceholder('default 60').fill('45');
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByTestId('what-if-result').waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await page.mouse.move(0, 0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await look(page, 'what-if-phone');
    await page.getByRole('button', { name: 'Back to the map' }).click();
    await page.getByTestId('menu').click();
    await page.getByTestId('day').click();
    await page.getByText('Changes a run on its day').waitFor();
    await page.mouse.move(0, 0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await look(page, 'day-phone');
  });

  test('those who may not try settings are not shown the way to it', async () => {
    const page = await open({}, 'education1');
    await page.getByTestId('day').waitFor();
    expect(await page.getByTestId('what-if').count()).toBe(0);
  });
});
