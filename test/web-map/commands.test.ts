import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD } from '../services/api/web-fixture.ts';
import { describeWith } from '../support/needs.ts';
import { accessibilityFaults } from './support/axe.ts';
import { signIn, startBrowser, visit } from './support/browser.ts';
import { buildPagesForTest } from './support/built-pages.ts';
import { startCommandedBus } from './support/commanded-bus.ts';

const PATIENCE_MS = 90_000;

describeWith('Chromium', 'commands from the panel of a bus', () => {
  let pages: Awaited<ReturnType<typeof buildPagesForTest>>;
  let browser: Browser;
  let system: Awaited<ReturnType<typeof startCommandedBus>>;

  beforeAll(async () => {
    pages = await buildPagesForTest();
    browser = await startBrowser();
    system = await startCommandedBus(pages.folder);
    await system.arrive();
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await system?.close();
    pages?.remove();
  });
  const test = (name: string, body: () => Promise<void>) => it(name, body, PATIENCE_MS);

  async function openBus(login: string) {
    const { context, page, faults } = await visit(browser, { reducedMotion: true });
    page.setDefaultTimeout(PATIENCE_MS / 2);
    await signIn(page, system.service.base, login, PASSWORD);
    await page.getByText('列表', { exact: true }).click();
    await page.getByRole('button', { name: '打开车辆 苏D00001' }).click();
    const panel = page.getByTestId('bus-panel');
    await panel.getByText('校车标牌').waitFor();
    return { page, panel, faults, close: () => context.close() };
  }
  const tab = (panel: Locator, name: string) => panel.getByRole('tab', { name, exact: true }).click();
  /** The newest command of the list once it says so. */
  const newest = (panel: Locator, ...said: string[]) =>
    Promise.all(
      said.map((text) => panel.getByRole('log').locator('li.command').first().getByText(text).waitFor()),
    );
  const choose = async (page: Page, panel: Locator, name: string, option: string) => {
    await panel.getByRole('combobox', { name }).click();
    await page.getByTitle(option, { exact: true }).click();
  };

  test('reach its terminal, and show what it answered as it does', async () => {
    const { page, panel, faults, close } = await openBus('transport1');
    await panel.getByText('尚未向该车下发过指令。').waitFor();
    await panel.getByRole('combobox', { name: '选用常用语' }).click();
    await page.getByTitle('请减速慢行，注意安全。').click();
    await panel.getByText('22 字节（GBK）').waitFor();
    await panel.getByRole('checkbox', { name: '紧急' }).check();
    await panel.getByRole('button', { name: '发送' }).click();
    await newest(panel, '文字: 请减速慢行，注意安全。', '终端已执行。');

    await tab(panel, '定位');
    await panel.getByRole('button', { name: '现在在哪里' }).click();
    await newest(panel, '31.70000, 119.90000 · 0 km/h');

    await tab(panel, '拍照');
    await choose(page, panel, '摄像头', '2 号摄像头');
    await panel.getByRole('button', { name: '立即拍照' }).click();
    await newest(panel, '2 号摄像头 × 1', '已拍摄，终端媒体编号 1');

    await tab(panel, '通话');
    await panel.getByRole('textbox', { name: '由车上终端拨打的号码' }).fill('13900001234');
    await panel.getByRole('button', { name: '让车上回拨' }).click();
    await newest(panel, '电话回拨: 13900001234', '终端已执行。');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  test('set the recommended parameters where they differ, and the areas of the plan', async () => {
    const { page, panel, faults, close } = await openBus('transport1');
    await tab(panel, '参数');
    await panel.getByRole('button', { name: '读取终端参数' }).click();
    await panel.getByText('有 4 项与推荐值不同。').waitFor();
    const limit = panel.getByRole('row', { name: /最高速度/ });
    expect(await limit.getByRole('cell').allTextContents()).toEqual(['60 km/h', '100 km/h']);
    await panel.getByRole('button', { name: '应用推荐参数（4 项）' }).click();
    await panel.getByText('终端参数与推荐值一致。').waitFor();
    expect(system.terminal()?.memory.parameters.get(0x0055)).toBe(60);

    await tab(panel, '围栏');
    await panel.getByText('沿线区域 2 个').waitFor();
    await panel.getByText('1 青禾小学：3 个拐点，限速 30/60 km/h').waitFor();
    await panel.getByRole('button', { name: '下发计划中的区域和路线' }).click();
    await newest(panel, '区域和路线', '终端已执行。');
    // A button under the pointer is in its lighter colour.
    await page.mouse.move(0, 0);
    const { areas } = system.terminal()!.memory;
    expect([areas.circles.size, areas.rectangles.size, areas.routes.size]).toEqual([1, 1, 2]);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  test('wait for a terminal that is away, and can be taken back', async () => {
    const { page, panel, faults, close } = await openBus('transport1');
    system.leave();
    const text = panel.getByRole('textbox', { name: '发给车上人员的文字' });
    for (const words of ['收到请回复', '作废的文字']) {
      await text.fill(words);
      await panel.getByRole('button', { name: '发送' }).click();
      await newest(panel, `文字: ${words}`, '等待终端上线');
    }
    await panel.getByText('终端未连接，上线后将自动下发。').waitFor();
    await panel.getByRole('button', { name: /^取消: 文字: 作废的文字/ }).click();
    await newest(panel, '已取消');
    await system.arrive();
    const first = panel.getByRole('log').locator('li.command').nth(1);
    await first.getByText('终端已执行。').waitFor();
    await first.getByText('详情').click();
    await first.getByText('提交').waitFor();
    await first.getByText('0x8300').waitFor();
    await text.fill('好😀');
    await panel.getByText('多数终端无法显示：😀').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  test('that reach into the bus are for few, and need its plate', async () => {
    const carrier = await openBus('transport1');
    await tab(carrier.panel, '更多');
    await carrier.panel.getByRole('combobox', { name: '选择指令' }).click();
    await carrier.page.getByTitle('采集行驶记录仪数据').waitFor();
    expect(await carrier.page.getByTitle('断开或恢复油电').count()).toBe(0);
    await carrier.close();

    const { page, panel, faults, close } = await openBus('admin');
    await tab(panel, '更多');
    await choose(page, panel, '选择指令', '采集行驶记录仪数据');
    await choose(page, panel, '数据', '实时时钟');
    await panel.getByRole('button', { name: '发送' }).click();
    await newest(panel, '采集行驶记录仪数据: 实时时钟', '终端已执行。');
    await choose(page, panel, '选择指令', '断开或恢复油电');
    await panel.getByText('请输入 苏D00001').waitFor();
    await choose(page, panel, '操作', '断开');
    await panel.getByRole('textbox', { name: '输入车牌以确认' }).fill('苏D00002');
    await panel.getByRole('button', { name: '发送' }).click();
    await panel.getByText('未下发：输入的车牌与该车不符。').waitFor();
    expect(system.terminal()?.memory.supplyCut).toBe(false);
    await panel.getByRole('textbox', { name: '输入车牌以确认' }).fill('苏D00001');
    await panel.getByRole('button', { name: '发送' }).click();
    await newest(panel, '断开或恢复油电: 断开', '终端已执行。');
    expect(system.terminal()?.memory.supplyCut).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  test('are not offered to those who may not send them', async () => {
    const { panel, close } = await openBus('police1');
    expect(await panel.getByText('下发指令').count()).toBe(0);
    await close();
  });
});
