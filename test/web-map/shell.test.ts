import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { PHONE, signIn, startBrowser, type Visit, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';
import { type FakeService, startFakeService } from './support/fake-service.ts';

const PATIENCE_MS = 90_000;
const POLL = { timeout: PATIENCE_MS / 2 };

describeWith('Chromium', 'the frame of the console', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: FakeService;
  let end: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    service = await startFakeService({ pages: pages.folder, everyMs: 60_000 });
  }, PATIENCE_MS);
  afterEach(() => end());
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  /** Pages other than the map first: they need no drawing, and are to come without it. */
  async function open(path: string, how: Visit = {}): Promise<Page> {
    const { context, page, faults } = await visit(browser, { reducedMotion: true, language: 'en', ...how });
    end = async () => {
      await context.close();
      expect(faults).toEqual([]);
    };
    page.setDefaultTimeout(PATIENCE_MS / 2);
    await page.addInitScript(() => {
      localStorage.setItem('busguard.preferences', JSON.stringify({ language: 'en' }));
    });
    await signIn(page, service.url + path);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }
  const pathOf = (page: Page) => page.evaluate(() => location.pathname + location.search);

  test('signing in returns to the address; Back and Forward go through pages and buses', async () => {
    const bus = service.buses[3]!;
    const page = await open(`/list?bus=${bus.id}`);
    const panel = page.getByTestId('bus-panel');
    await panel.getByRole('heading', { name: bus.plate }).waitFor();
    const other = service.buses[5]!;
    await page.getByRole('combobox', { name: 'Find a bus' }).fill(other.plate);
    await page.locator('.search-hit').first().click();
    await panel.getByRole('heading', { name: other.plate }).waitFor();
    await page.getByTestId('explain').click();
    await page.getByRole('heading', { name: 'Take a frame apart' }).waitFor();
    expect(await pathOf(page)).toBe('/explain');
    await page.goBack();
    await panel.getByRole('heading', { name: other.plate }).waitFor();
    await page.goBack();
    await panel.getByRole('heading', { name: bus.plate }).waitFor();
    await page.goForward();
    await panel.getByRole('heading', { name: other.plate }).waitFor();
    await page.reload();
    await panel.getByRole('heading', { name: other.plate }).waitFor();
    expect(await pathOf(page)).toBe(`/list?bus=${other.id}`);
  });

  test('a page that is opened has the keyboard, the title and the mark in the navigation', async () => {
    const page = await open('/explain');
    await expect.poll(() => page.title(), POLL).toMatch(/^\(\d+\) Take a frame apart · Busguard$/);
    const nav = page.getByRole('navigation', { name: 'Pages' });
    expect(await nav.locator('[aria-current=page]').getAttribute('data-testid')).toBe('explain');
    await nav.getByTestId('day').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Today’s changes' }).waitFor();
    await expect.poll(() => page.title(), POLL).toContain('Today’s changes');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Today’s changes',
    );
  });

  test('a page that is not opened is not fetched, the map library least of all', async () => {
    const page = await open('/explain');
    await page.getByRole('heading', { name: 'Take a frame apart' }).waitFor();
    const fetched = () =>
      page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop()!));
    const foreign = /^(maplibre|map-view|bus-table|day-page|what-if-page)/;
    expect((await fetched()).filter((name) => foreign.test(name))).toEqual([]);
    await page.getByTestId('day').click();
    await page.getByRole('heading', { name: 'Today’s changes' }).waitFor();
    expect((await fetched()).some((name) => name.startsWith('day-page'))).toBe(true);
  });

  test('an address without a page says so and leads home', async () => {
    const page = await open('/no-such-page', { theme: 'dark' });
    await page.getByText('There is no such page here').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go to the first page' }).click();
    await page.locator('.stage-map').waitFor();
    expect(await pathOf(page)).toBe('/');
  });

  test('on a phone the pages are in a menu that takes and gives back the keyboard', async () => {
    const page = await open('/explain', { size: PHONE });
    await page.getByTestId('menu').focus();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('dialog', { name: 'Pages' });
    await menu.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('menu');
    await page.getByTestId('menu').click();
    await menu.getByTestId('day').click();
    await page.getByRole('heading', { name: 'Today’s changes' }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  });

  test('signing out forgets the address', async () => {
    const page = await open('/explain');
    await page.getByTestId('account-menu').click();
    await page.getByText('Sign out').click();
    await page.getByText('You are signed out.').waitFor();
    expect(await pathOf(page)).toBe('/');
  });
});
