import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { busesDrawn, PHONE, signIn, startBrowser, type Visit, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';
import { type FakeService, startFakeService } from './support/fake-service.ts';
import { coloursIn } from './support/picture.ts';

/** Chromium draws the map in software here, beside whatever else the machine does. */
const PATIENCE_MS = 90_000;
const POLL = { timeout: PATIENCE_MS / 2 };
const SMALL = { width: 1100, height: 680 };

describeWith('Chromium', 'the pages in a browser', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: FakeService;
  let close: () => Promise<void> = async () => undefined;
  let faults: string[] = [];

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    pages?.remove();
  });
  beforeEach(async () => {
    service = await startFakeService({ pages: pages.folder });
  });
  afterEach(async () => {
    await close();
    await service.close();
    expect(faults).toEqual([]);
  });

  /** Still and of modest size unless a test is about more, since every frame is drawn by the processor. */
  async function open(how: Visit = {}): Promise<Page> {
    const visited = await visit(browser, { size: SMALL, reducedMotion: true, ...how });
    close = () => visited.context.close();
    faults = visited.faults;
    visited.page.setDefaultTimeout(PATIENCE_MS / 2);
    return visited.page;
  }
  async function openMap(how: Visit = {}): Promise<Page> {
    const page = await open(how);
    await signIn(page, service.url);
    await busesDrawn(page, 10);
    return page;
  }
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  test('signing in says what is wrong, in the language chosen, and remembers the language', async () => {
    const page = await open({ language: 'zh' });
    await signIn(page, service.url, 'admin', 'wrong');
    await page.getByText('用户名或密码不正确。').waitFor();
    await page.getByTestId('language').click();
    await page.getByText('User name or password is not right.').waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.locator('button[type=submit]').click();
    await page.getByText('Enter your password.').waitFor();
  });

  test('the map draws buses, and draws them moving', async () => {
    const page = await openMap({ reducedMotion: false });
    const canvas = page.locator('.maplibregl-canvas');
    const look = async () => (await canvas.screenshot()).toString('base64');
    const before = await look();
    expect((await coloursIn(page, before)).length).toBeGreaterThan(200);
    await expect.poll(look, { timeout: PATIENCE_MS / 2 }).not.toBe(before);
    expect(await page.getByTestId('link').textContent()).toBe('实时');
  });

  test('an alert arrives live in list, count and title, and opens its bus', async () => {
    const page = await openMap({ language: 'zh' });
    const open = page.getByTestId('open-alerts');
    const before = Number(await open.textContent());
    const bus = service.buses[20]!;
    const alert = service.raise(bus, { severity: 'P1', rule: 'collision', evidence: {} });
    const card = page.locator(`[data-alert="${alert.id}"]`);
    await card.waitFor();
    expect(await card.textContent()).toContain('碰撞或侧翻');
    expect(Number(await open.textContent())).toBe(before + 1);
    expect(await page.title()).toContain(`(${before + 1})`);
    await page.getByRole('alert').filter({ hasText: bus.plate }).waitFor({ state: 'attached' });
    await card.locator('.alert-open').click();
    const panel = page.getByTestId('bus-panel');
    await panel.getByRole('heading', { name: bus.plate }).waitFor();
    await panel.getByText('周建平').waitFor();
    await panel.getByText('沈秀兰').waitFor();
    await panel.getByRole('slider').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('button', { name: '关闭' }).click();
    await panel.waitFor({ state: 'detached' });
  });

  test('an alert is acknowledged, resolved with a reason, taken back and replaced', async () => {
    const page = await open({ language: 'zh' });
    await signIn(page, service.url);
    await page.locator('.alert-card').first().waitFor();
    const first = service.raise(service.buses[20]!, { severity: 'P1', rule: 'collision', evidence: {} });
    const card = page.locator(`[data-alert="${first.id}"]`);
    await card.getByRole('button', { name: '确认' }).click();
    await card.getByText('已确认').waitFor();
    await card.getByRole('button', { name: '处置' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('误报').click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: '处置' }).click();
    await card.waitFor({ state: 'detached' });
    await page.getByText('仅未处置').click();
    await card.getByText('误报').waitFor();

    const second = service.raise(service.buses[21]!);
    await page.locator(`[data-alert="${second.id}"]`).waitFor();
    const third = service.raise(service.buses[21]!, { replaces: second.id });
    await page.locator(`[data-alert="${third.id}"]`).waitFor();
    await page.locator(`[data-alert="${second.id}"]`).waitFor({ state: 'detached' });
    service.raise(service.buses[21]!, { ...third, retracted: true });
    await page.locator(`[data-alert="${third.id}"]`).getByText('已撤销').waitFor();
  });

  test('who may only look is shown no button that would be refused', async () => {
    await service.close();
    service = await startFakeService({ pages: pages.folder, can: { acknowledge: false, resolve: false } });
    const page = await open({ language: 'en' });
    await signIn(page, service.url);
    await page.locator('.alert-card').first().waitFor();
    expect(await page.locator('.alert-actions button').count()).toBe(0);
  });

  test('says since when the connection is lost, and catches up when it is back', async () => {
    const page = await openMap({ language: 'en' });
    await page.getByTestId('language').click();
    await service.goAway();
    const banner = page.getByTestId('disconnected');
    await banner.waitFor();
    expect(await banner.textContent()).toMatch(/Connection lost at \d\d:\d\d:\d\d/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await service.comeBack();
    const missed = service.raise(service.buses[5]!, { severity: 'P1', rule: 'sos' });
    await page.getByTestId('reconnected').waitFor();
    await banner.waitFor({ state: 'detached' });
    await page.locator(`[data-alert="${missed.id}"]`).waitFor();
  });

  test('an ended session leads back to the sign-in page, which says so', async () => {
    const page = await openMap({ language: 'zh' });
    service.expireSessions();
    await page.getByText('登录已过期，请重新登录。').waitFor();
    await signIn(page, service.url);
    await busesDrawn(page, 10);
    await page.getByTestId('account-menu').click();
    await page.getByText('退出登录').click();
    await page.getByText('您已退出登录。').waitFor();
  });

  test('the list has every bus of the map; a bus is opened by keyboard, found by its driver, followed', async () => {
    const page = await openMap({ language: 'zh' });
    await page.getByText('列表', { exact: true }).click();
    const table = page.locator('.bus-table');
    await table.locator('.row-open').first().waitFor();
    // As many rows are made as are in view; the table says how many there are, and its keys reach the last.
    expect(await table.getByRole('table').getAttribute('aria-rowcount')).toBe(
      String(service.buses.length + 1),
    );
    await table.locator('.row-open').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    const last = service.buses
      .map((bus) => bus.plate)
      .sort()
      .at(-1)!;
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), POLL).toBe(last);
    expect(await accessibilityFaults(page)).toEqual([]);
    const bus = service.buses[7]!;
    await table.getByRole('searchbox').fill(bus.plate.slice(2));
    await expect.poll(() => table.locator('.row-open').count(), POLL).toBe(1);
    await table.locator('.row-open').focus();
    await page.keyboard.press('Enter');
    const panel = page.getByTestId('bus-panel');
    await panel.getByRole('heading', { name: bus.plate }).waitFor();
    await page.getByRole('combobox', { name: '查找车辆' }).fill('周建平');
    await page.locator('.search-hit').first().click();
    await panel.getByRole('heading', { name: service.buses[0]!.plate }).waitFor();
    await panel.getByRole('button', { name: '跟随' }).click();
    await panel.getByRole('button', { name: '跟随中' }).waitFor();
    expect(await panel.getByRole('button', { name: '跟随中' }).getAttribute('aria-pressed')).toBe('true');
  });

  test('on a phone alerts and the bus come in a sheet over the map', async () => {
    const page = await openMap({ size: PHONE, language: 'zh' });
    const sheet = page.getByTestId('sheet');
    await page.getByText('条未处置告警').waitFor();
    await sheet.getByRole('button', { name: '展开面板' }).click();
    await sheet.locator('.alert-open').first().click();
    await sheet.getByTestId('bus-panel').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test('in English and dark nothing keeps people out either', async () => {
    const page = await openMap({ language: 'en', theme: 'dark' });
    await page.getByTestId('language').click();
    await page.locator('.alert-open').nth(1).click();
    await page.getByTestId('bus-panel').getByRole('slider').waitFor();
    await page.getByText('Pupils on board').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('without a plan or buses the page says what to do', async () => {
    await service.close();
    service = await startFakeService({ pages: pages.folder, empty: true });
    const page = await open({ language: 'zh' });
    await signIn(page, service.url);
    await page.getByText('尚无运行计划').waitFor();
    await page.getByText('暂无告警').waitFor();
  });
});
