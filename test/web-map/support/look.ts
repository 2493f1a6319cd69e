/** Takes pictures of the pages over the fake service, to be looked at: `node --import tsx test/web-map/support/look.ts FOLDER`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { busesDrawn, DESKTOP, PHONE, signIn, startBrowser, visit } from './browser.ts';
import { startFakeService } from './fake-service.ts';

const folder = process.argv[2] ?? '/tmp/busguard-look';
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const service = await startFakeService({ pages: join(import.meta.dirname, '../../../web-map/dist') });
const browser = await startBrowser();
try {
  for (const size of [DESKTOP, PHONE]) {
    for (const language of ['zh', 'en'] as const) {
      for (const theme of ['light', 'dark'] as const) {
        const name = `${size === PHONE ? 'phone' : 'desktop'}-${language}-${theme}`;
        if (only && !name.includes(only)) continue;
        const { context, page, faults } = await visit(browser, { size, language, theme });
        await page.addInitScript((chosen) => {
          localStorage.setItem('busguard.preferences', JSON.stringify({ language: chosen }));
        }, language);
        await page.goto(service.url);
        await page.waitForSelector('input');
        await page.waitForTimeout(500);
        await page.screenshot({ path: join(folder, `${name}-1-sign-in.png`) });
        await signIn(page, service.url);
        await busesDrawn(page, 5);
        await page.waitForTimeout(4_000);
        await page.screenshot({ path: join(folder, `${name}-2-map.png`) });
        if (size === PHONE) await page.locator('.sheet-handle').click();
        await page.locator('.alert-open').nth(1).click();
        await page.waitForTimeout(3_000);
        await page.screenshot({ path: join(folder, `${name}-3-bus.png`) });
        console.log(name, faults);
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await service.close();
}
