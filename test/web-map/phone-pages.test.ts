import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BoardingsView } from '../../services/api/contract.ts';
import { busCodes } from '../../services/boardings/bus-codes.ts';
import { CREW_EVENT_ANY } from '../../services/bus/subjects.ts';
import { at, type Who } from '../services/api/small-plan.ts';
import {
  type Fixture,
  PASSWORD,
  progressOf,
  publishPosition,
  report,
  startFixture,
} from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { startBrowser, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 90_000;
const SMALL_PHONE = { width: 360, height: 740 };

describeWith('Chromium', 'pages for phones', () => {
  const busCodeKey = Buffer.from('codes of the tests');
  const codes = busCodes(busCodeKey);
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: Fixture;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    service = await startFixture({ pagesDir: pages.folder, busCodeKey });
    service.bus.serve(CREW_EVENT_ANY, async () => ({ ok: true, stored: 'now' }));
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  async function openAs(
    who: Who,
    path: string,
    clock: string,
    language: 'zh' | 'en' = 'zh',
  ): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
    const visited = await visit(browser, { size: SMALL_PHONE, language, reducedMotion: true });
    const { page, context } = visited;
    page.setDefaultTimeout(PATIENCE_MS / 3);
    service.clock.now = at(clock);
    await page.addInitScript((chosen) => {
      localStorage.setItem('busguard.preferences', JSON.stringify({ language: chosen }));
    }, language);
    await page.clock.install({ time: at(clock) });
    await page.goto(`${service.base}${path}`);
    await page.locator('input[autocomplete=username]').fill(who);
    await page.locator('input[autocomplete=current-password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    return { page, context, faults: visited.faults };
  }
  const boardings = async (): Promise<BoardingsView> => {
    const cookie = await service.signIn('escort1');
    return (await (await service.ask('/api/v1/trips/T1/boardings', { cookie })).json()) as BoardingsView;
  };
  /** No text is cut off at the side, and everything that is tapped is large enough for a thumb. */
  const fits = (page: Page, least: number) =>
    page.evaluate((px) => {
      const small = [...document.querySelectorAll<HTMLElement>('button, summary, a, select')]
        .filter((one) => one.offsetParent !== null || getComputedStyle(one).position === 'fixed')
        .filter((one) => one.getBoundingClientRect().height < px)
        .map((one) => `${one.textContent} ${one.getBoundingClientRect().height}`);
      return { wide: document.documentElement.scrollWidth > window.innerWidth, small };
    }, least);

  test('the console leads families and escorts to their own pages', async () => {
    const guardian = await openAs('guardian1', '/', '07:05');
    await guardian.page.waitForURL('**/family');
    await guardian.page.getByTestId('main-run').waitFor();
    await guardian.context.close();
    const escort = await openAs('escort1', '/', '07:05');
    await escort.page.waitForURL('**/escort');
    await escort.page.locator('.run-button').first().waitFor();
    await escort.context.close();
  });

  test('an escort does a whole run, part of it without a network, and nothing is lost nor doubled', async () => {
    const { page, context, faults } = await openAs('escort1', '/escort', '06:58');
    await page.locator('.run-button').first().click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('车门旁的代码').fill('AAAAAA');
    await page.getByRole('button', { name: '我已在车上' }).click();
    await page.getByText('这不是本车的代码').waitFor();
    await page.getByLabel('车门旁的代码').fill(codes.of('V1', 'door').toLowerCase());
    await page.getByRole('button', { name: '我已在车上' }).click();
    const checks = page.locator('.checks button');
    for (let i = 0; i < 7; i += 1) await checks.nth(i).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await fits(page, 44)).toEqual({ wide: false, small: [] });
    await page.getByRole('button', { name: '七项全部正常' }).click();

    // Signal is gone from here on.
    const child = (rider: string) => page.locator(`[data-rider="${rider}"]`);
    await page.getByText('已全部发送').waitFor();
    await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));
    await context.setOffline(true);
    await child('K3').getByRole('button', { name: '上车' }).click();
    await page.getByText('没有网络 · 已存 1 条').waitFor();
    await page.getByRole('button', { name: '清点人数，准备发车' }).click();
    await page.getByRole('button', { name: '加一人' }).click();
    await page.getByText('您数到 2 人，名单为 1 人').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '减一人' }).click();
    await page.getByRole('button', { name: '已清点、坐好' }).click();
    await page.getByRole('heading', { name: /湖滨路口/ }).waitFor();
    await child('K1').getByRole('button', { name: '未到' }).click();
    await child('K1').getByRole('button', { name: '撤销' }).click();
    await child('K1').getByRole('button', { name: '上车' }).click();
    expect(await page.getByTestId('aboard').textContent()).toContain('2');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await fits(page, 44)).toEqual({ wide: false, small: [] });
    expect((await boardings()).riders.map(({ state }) => state)).toEqual(['expected', 'expected']);

    // The page starts again without a network, and has everything.
    await page.reload();
    await page.locator('.run-button').first().click();
    await page.locator('.steps button').nth(2).click();
    await expect.poll(() => page.getByTestId('aboard').textContent()).toContain('2');
    const sos = page.getByTestId('sos');
    await sos.dispatchEvent('pointerdown');
    await page.getByTestId('sos-state').waitFor();
    expect(await page.getByTestId('sos-state').textContent()).toContain('没有网络');
    expect(await page.getByRole('link', { name: '110' }).getAttribute('href')).toBe('tel:110');
    await page.getByRole('button', { name: '关闭' }).click();

    // And signal comes back: all of it goes, with the time it happened.
    service.clock.now = at('07:05');
    await context.setOffline(false);
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await page.getByText('已全部发送').waitFor();
    const { riders, crew } = await boardings();
    expect(riders.map(({ rider, state, warnings }) => [rider, state, warnings])).toEqual([
      ['K1', 'boarded', []],
      ['K3', 'boarded', []],
    ]);
    expect(riders.find(({ rider }) => rider === 'K1')!.evidence.map(({ kind }) => kind)).toEqual([
      'absent',
      'taken_back',
      'boarded',
    ]);
    expect(crew!.events.map(({ kind }) => kind).sort()).toEqual(['head_count', 'pre_trip', 'sign_on', 'sos']);
    for (const { at: when } of crew!.events) expect(Date.parse(when)).toBeLessThan(at('07:03'));

    // At school everybody gets off; the run does not end before the rear seat was reached.
    await page.locator('.steps button').nth(2).click();
    await page.getByRole('button', { name: /2 人全部下车/ }).click();
    await page.locator('.steps button').nth(4).click();
    expect(await page.getByRole('button', { name: '签退并结束班次' }).isDisabled()).toBe(true);
    await page.locator('.steps button').nth(3).click();
    await page.getByLabel('最后一排的代码').fill(codes.of('V1', 'door'));
    await page.getByRole('button', { name: '车内已无学生' }).click();
    await page.getByText('这不是本车最后一排的代码').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('最后一排的代码').fill(codes.of('V1', 'rear'));
    await page.getByRole('button', { name: '车内已无学生' }).click();
    await page.getByRole('button', { name: '签退并结束班次' }).click();
    await page.getByText('班次已结束').waitFor();
    await page.getByText('已全部发送').waitFor();
    const after = await boardings();
    expect(after.crew).toMatchObject({ mayClose: true, onDuty: [], counts: { aboard: 0, alighted: 2 } });
    expect(faults).toEqual([]);
    await context.close();
  });

  test('a family sees its bus, minutes as a range and marks; excuses its child; and is told when it is offline', async () => {
    publishPosition(service.bus, report('V1', at('07:05')), progressOf('T1b', 'A2'));
    const { page, context, faults } = await openAs('guardian1', '/family', '15:50', 'en');
    publishPosition(service.bus, report('V1', at('15:50')), progressOf('T1b', 'G1'));
    const main = page.getByTestId('main-run');
    await main.waitFor();
    expect(await main.getAttribute('data-trip')).toBe('T1b');
    await page.getByTestId('no-minutes').or(page.getByTestId('minutes')).waitFor();
    publishPosition(service.bus, report('V1', at('16:10')), {
      ...progressOf('T1b', 'A2'),
      runState: 'CARRYING',
      delayS: 180,
    });
    service.clock.now = at('16:10');
    await page.clock.setSystemTime(at('16:10'));
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await page.getByTestId('minutes').waitFor();
    expect(await page.getByTestId('minutes').textContent()).toMatch(/\d+–\d+ min/);
    await page.getByText('About 3 min late').waitFor();
    expect(await page.getByTestId('age').getAttribute('class')).toContain('age-live');
    await page.locator('[data-testid=family-map] canvas').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await fits(page, 44)).toEqual({ wide: false, small: [] });
    await main.getByRole('button', { name: 'Does not ride: excuse' }).click();
    await main.getByText('Excused. The escort and the school are told.').waitFor();
    await main.getByRole('button', { name: 'Take back' }).click();
    await main.getByText('Not on the bus yet').waitFor();
    await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));
    await context.setOffline(true);
    await page.getByTestId('offline').waitFor();
    await page.reload();
    await page.getByTestId('offline').waitFor();
    await page.getByTestId('main-run').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test('both can be installed', async () => {
    for (const name of ['escort', 'family'] as const) {
      const { page, context } = await visit(browser, { size: SMALL_PHONE });
      await page.goto(`${service.base}/${name}`);
      await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));
      const devtools = await context.newCDPSession(page);
      const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
      // The browser of a test keeps nothing, which is the one thing that stands in the way here.
      expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
      const { errors, manifest } = (await devtools.send('Page.getAppManifest')) as {
        errors: unknown[];
        manifest?: { display?: string };
      };
      expect(errors).toEqual([]);
      if (manifest) expect(manifest.display).toContain('tandalone');
      await context.close();
    }
  });
});
