import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fixture, PASSWORD, startFixture } from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { signIn, startBrowser, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 120_000;
const OWN = 'violet otter plays chess';

describeWith('Chromium', 'the pages of accounts', () => {
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

  const look = async (page: Page, name: string) => {
    const folder = process.env.LOOK_DIR;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };

  it(
    'make an account, whose person chooses a password and adds a second factor',
    async () => {
      const admin = await visit(browser, { reducedMotion: true });
      admin.page.setDefaultTimeout(PATIENCE_MS / 3);
      await signIn(admin.page, service.base, 'admin', PASSWORD);
      await admin.page.getByTestId('accounts').click();
      await admin.page.getByRole('rowheader', { name: 'school1' }).waitFor();
      await admin.page.getByRole('button', { name: '新增账户' }).click();
      await admin.page.getByLabel('用户名', { exact: true }).fill('lin');
      await admin.page.getByRole('button', { name: '创建' }).click();
      const password = (await admin.page.getByTestId('secret').textContent()) ?? '';
      await admin.page.getByRole('button', { name: '完成' }).click();
      await admin.page.mouse.move(0, 0);
      await look(admin.page, 'accounts-zh');
      expect(await accessibilityFaults(admin.page)).toEqual([]);
      await admin.context.close();

      const { context, page } = await visit(browser, { reducedMotion: true });
      page.setDefaultTimeout(PATIENCE_MS / 3);
      await signIn(page, service.base, 'lin', password);
      await page.getByRole('heading', { name: '请设置您自己的密码' }).waitFor();
      await page.getByLabel('当前密码').fill(password);
      await page.getByLabel('新密码').fill('short');
      await page.getByRole('button', { name: '修改密码' }).click();
      await page.getByText('太短').waitFor();
      await page.getByLabel('新密码').fill(OWN);
      await page.getByRole('button', { name: '修改密码' }).click();
      await page.goto(`${service.base}/account`);
      const factor = page.getByRole('region', { name: '双重验证' });
      await factor.getByLabel('当前密码').fill(OWN);
      await factor.getByRole('button', { name: '添加身份验证器' }).click();
      await page.getByRole('img', { name: '供身份验证器扫描的密钥二维码' }).waitFor();
      const secret = (await factor.locator('.account-secret').textContent()) ?? '';
      await look(page, 'account-zh');
      await factor.getByLabel('动态码').fill(new TOTP({ secret }).generate({ timestamp: service.clock.now }));
      await factor.getByRole('button', { name: '启用' }).click();
      await page.getByText('还剩 10 个恢复码').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );
});
