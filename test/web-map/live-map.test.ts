import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { busesDrawn, signIn, startBrowser, type Visit, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';
import { type FakeService, startFakeService } from './support/fake-service.ts';

const PATIENCE_MS = 90_000;
const POLL = { timeout: PATIENCE_MS / 2 };
const SMALL = { width: 1100, height: 680 };

describeWith('Chromium', 'the live map', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: FakeService;
  let end: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    service = await startFakeService({ pages: pages.folder, everyMs: 5_000 });
  }, PATIENCE_MS);
  afterEach(() => end());
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  async function openMap(path: string, how: Visit = {}): Promise<Page> {
    const { context, page, faults } = await visit(browser, { size: SMALL, reducedMotion: true, ...how });
    end = async () => {
      await context.close();
      expect(faults).toEqual([]);
    };
    page.setDefaultTimeout(PATIENCE_MS / 2);
    await page.addInitScript(() => {
      localStorage.setItem('busguard.preferences', JSON.stringify({ language: 'en' }));
    });
    await signIn(page, service.url + path);
    return page;
  }
  const drawn = (page: Page) =>
    page.locator('.maplibregl-canvas').evaluate((canvas) => Number(canvas.dataset.buses ?? 0));
  const silent = () => service.buses.filter((bus) => bus.kind === 'silent').length;

  test('shows only the buses that the address asks for, says so, and shows all again', async () => {
    const page = await openMap('/map?states=stale');
    await busesDrawn(page, 1);
    await expect.poll(() => drawn(page), POLL).toBe(silent());
    const filter = page.getByTestId('filter');
    expect(await filter.getAttribute('aria-label')).toBe('Filter: 1 in force');
    await page.getByText(`${silent()} of ${service.buses.length} buses`).waitFor();
    await filter.click();
    await page.getByTestId('filter-schools').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // The same buses in the list, under the same filter.
    await page.goto(`${service.url}/list?states=stale`);
    await page.locator('.row-open').first().waitFor();
    await expect.poll(() => page.locator('.row-open').count(), POLL).toBe(silent());
    await page.getByRole('button', { name: 'Show all buses' }).click();
    await page.getByTestId('bus-count').getByText(`${service.buses.length} buses`).waitFor();
    expect(await page.evaluate(() => location.search)).toBe('');
  });

  test('keys go from bus to bus, open one and leave it; Enter measures from point to point', async () => {
    const page = await openMap('/map', { theme: 'dark' });
    await busesDrawn(page, 10);
    const canvas = page.locator('.maplibregl-canvas');
    const said = page.getByTestId('pointed');
    await canvas.press('n');
    await said.getByText(/1 of \d+ in view/).waitFor({ state: 'attached' });
    const first = await said.textContent();
    await canvas.press('n');
    await said.getByText(/2 of \d+ in view/).waitFor({ state: 'attached' });
    await canvas.press('p');
    await expect.poll(() => said.textContent(), POLL).toBe(first);
    await canvas.press('Enter');
    const plate = first!.split(',')[0]!;
    await page.getByTestId('bus-panel').getByRole('heading', { name: plate }).waitFor();
    await canvas.press('Escape');
    await canvas.press('Escape');
    await page.getByTestId('bus-panel').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Measure a distance' }).click();
    expect(await canvas.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('[data-testid=measured]') !== null);
    await page.keyboard.press('Enter');
    await page
      .getByTestId('measured')
      .getByText(/\d (m|km) in all/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByTestId('measured').waitFor({ state: 'detached' });
  });

  test('a bus is found by its school', async () => {
    const page = await openMap('/explain');
    await page.getByRole('combobox', { name: 'Find a bus' }).waitFor();
    const school = await page.evaluate(async () => {
      const answer = await fetch('/api/v1/plan/geometry');
      const { schools } = (await answer.json()) as {
        schools: { features: { properties: { id: string; name: string } }[] };
      };
      return schools.features.find(({ properties }) => properties.id === 'S1')?.properties.name ?? '';
    });
    await page.getByRole('combobox', { name: 'Find a bus' }).fill(school);
    await page.locator('.search-hit').first().getByText(school).waitFor();
    await page.locator('.search-hit').first().click();
    await page.getByTestId('bus-panel').waitFor();
    expect(await page.evaluate(() => location.pathname)).toBe('/map');
  });
});
