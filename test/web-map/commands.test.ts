import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandSubject } from '../../services/bus/subjects.ts';
import type { TerminalCommand, TerminalCommandResult } from '../../services/ingest/live-events.ts';
import {
  type Fixture,
  PASSWORD,
  publishPosition,
  report,
  startFixture,
} from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { signIn, startBrowser, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';

const PATIENCE_MS = 90_000;

describeWith('Chromium', 'commands from the panel of a bus', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let service: Fixture;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    service = await startFixture({ pagesDir: pages.folder });
    for (const vehicle of ['V1', 'V2']) publishPosition(service.bus, report(vehicle, service.clock.now));
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  async function openBus(login: string, plate: string) {
    const { context, page, faults } = await visit(browser, { reducedMotion: true });
    page.setDefaultTimeout(PATIENCE_MS / 2);
    await signIn(page, service.base, login, PASSWORD);
    await page.getByText('列表', { exact: true }).click();
    await page.getByRole('button', { name: `打开车辆 ${plate}` }).click();
    const panel = page.getByTestId('bus-panel');
    await panel.getByText('校车标牌').waitFor();
    return { page, panel, faults, close: () => context.close() };
  }

  test('reach the terminal; it is told what waits, what was done, and what was not', async () => {
    const asked: TerminalCommand[] = [];
    const answers: TerminalCommandResult[] = [];
    let hold: Promise<void> = Promise.resolve();
    const stop = service.bus.serve(commandSubject('13900000001'), async (payload) => {
      asked.push(payload as TerminalCommand);
      await hold;
      return answers.shift();
    });
    const { page, panel, faults, close } = await openBus('transport1', '苏D00001');
    const log = panel.getByRole('log');

    let release: () => void = () => undefined;
    hold = new Promise((resolve) => {
      release = resolve;
    });
    answers.push({ ok: true, result: 0 });
    await panel.getByRole('combobox', { name: '选用常用语' }).click();
    await page.getByTitle('请减速慢行，注意安全。').click();
    await panel.getByText('22 字节（GBK）').waitFor();
    await panel.getByRole('checkbox', { name: '紧急' }).check();
    await panel.getByRole('button', { name: '发送' }).click();
    await log.getByText('等待终端应答').waitFor();
    expect(await panel.getByRole('button', { name: '现在在哪里' }).isDisabled()).toBe(true);
    release();
    await log.getByText('终端已执行').waitFor();
    expect(asked[0]).toMatchObject({ msgId: 0x8300, body: { text: '请减速慢行，注意安全。', flag: 0b1101 } });

    answers.push({ ok: false, error: 'timeout' });
    await panel.getByRole('button', { name: '现在在哪里' }).click();
    await log.getByText('终端未按时应答').waitFor();
    expect(asked[1]).toMatchObject({ msgId: 0x8201 });

    answers.push({ ok: true, result: 3 });
    await panel.getByRole('button', { name: '密集跟踪' }).click();
    await log.getByText('终端未执行').waitFor();
    expect(asked[2]).toMatchObject({ msgId: 0x8202, body: { intervalS: 5, validityS: 900 } });

    stop();
    await panel.getByRole('button', { name: '现在在哪里' }).click();
    await log.getByText('终端未连接').waitFor();
    await panel.getByRole('textbox', { name: '发给车上人员的文字' }).fill('好😀');
    await panel.getByText('多数终端无法显示：😀').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  test('are not offered to those who may not send them', async () => {
    const { panel, close } = await openBus('police1', '苏D00001');
    expect(await panel.getByText('下发指令').count()).toBe(0);
    await close();
  });
});
