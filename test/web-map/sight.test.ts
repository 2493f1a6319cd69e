import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../services/api/small-plan.ts';
import {
  type Fixture,
  PASSWORD,
  progressOf,
  publishPosition,
  report,
  startFixture,
} from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { signIn, startBrowser, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 90_000;

describeWith('Chromium', 'the bus of a child', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: Fixture;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    service = await startFixture({ pagesDir: pages.folder });
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    pages?.remove();
  });

  it(
    'is out of sight within a minute of the end of its run, though nothing tells so',
    async () => {
      publishPosition(service.bus, report('V1', service.clock.now), progressOf('T1', 'A2'));
      const { context, page, faults } = await visit(browser, { reducedMotion: true });
      page.setDefaultTimeout(PATIENCE_MS / 2);
      await page.clock.install();
      await signIn(page, service.base, 'guardian1', PASSWORD);
      // Families are led to their own page, and may come back.
      await page.waitForURL('**/family');
      await page.goto(service.base);
      const row = page.getByRole('button', { name: '打开车辆 苏D00001' });
      await page.getByText('列表', { exact: true }).click();
      await row.waitFor();
      service.clock.now = at('11:00');
      const asked = page.waitForResponse((response) => response.url().includes('/positions/latest'));
      await page.clock.runFor(61_000);
      await asked;
      await page.getByText('地图', { exact: true }).click();
      await page.clock.runFor(5_000);
      await page.getByText('您的校车目前不在途中').waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );
});
