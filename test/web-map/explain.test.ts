import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Fixture, PASSWORD, startFixture } from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { PHONE, signIn, startBrowser, type Visit, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 90_000;
const HEARTBEAT = '7e000200000139123456780003317e';

describeWith('Chromium', 'the page that takes frames apart', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: Fixture;
  let end: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    service = await startFixture({ pagesDir: pages.folder });
  }, PATIENCE_MS);
  afterEach(() => end());
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  async function open(how: Visit = {}, login = 'transport1'): Promise<Page> {
    const { context, page, faults } = await visit(browser, { reducedMotion: true, ...how });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    end = async () => {
      await context.close();
      expect(faults).toEqual([]);
    };
    page.setDefaultTimeout(PATIENCE_MS / 2);
    await signIn(page, service.base, login, PASSWORD);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }

  test('shows fields beside their bytes; pointing at one points out the other; copies as JSON', async () => {
    const page = await open();
    await page.getByTestId('explain').click();
    await page.getByRole('button', { name: '示例' }).click();
    const frame = page.getByRole('article', { name: '0x0200 位置信息汇报' });
    const speed = frame.getByRole('row').filter({ hasText: 'speedKmh' }).first();
    expect(await speed.textContent()).toContain('32.6 km/h');
    expect(await frame.getByRole('row').filter({ hasText: '报警标志' }).textContent()).toContain('超速报警');
    await speed.hover();
    const lit = frame.locator('.run-active');
    expect(await lit.textContent()).toBe('01 46');
    await frame.getByRole('button', { name: '纬度：偏移 20' }).hover();
    expect(await frame.locator('.field-active').textContent()).toContain('39.908823');
    await speed.getByRole('button').focus();
    await page.keyboard.press('ArrowDown');
    expect(await lit.textContent()).toBe('00 7e');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '复制为 JSON' }).click();
    await page.getByText('已复制。').waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    expect(copied[0].fields.length).toBe((await frame.getByRole('row').count()) - 1);
    await page.getByRole('button', { name: '返回地图' }).click();
    await frame.waitFor({ state: 'detached' });
  });

  test('says what is wrong in the language chosen, and shows the good frames beside', async () => {
    const page = await open({ language: 'en', theme: 'dark' });
    await page.getByTestId('language').click();
    await page.getByTestId('explain').click();
    await page
      .getByRole('textbox', { name: 'Frames in hex' })
      .fill(`${HEARTBEAT.replace('317e', '307e')}\n7e0200\n${HEARTBEAT}`);
    await page.keyboard.press('Control+Enter');
    await page.getByText('The checksum is wrong').waitFor();
    await page.getByText('No whole frame').waitFor();
    await page.getByText('Decoded').waitFor();
    expect(await page.getByRole('article').count()).toBe(3);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('fits a phone, where the menu has it', async () => {
    const page = await open({ size: PHONE });
    await page.getByTestId('menu').click();
    await page.getByTestId('explain').click();
    await page.getByRole('button', { name: '示例' }).click();
    await page.getByText('32.6').waitFor();
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('is not offered to those who may not', async () => {
    const page = await open({}, 'police1');
    expect(await page.getByTestId('explain').count()).toBe(0);
  });
});
