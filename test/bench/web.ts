/**
 * What the console costs a viewer: a real web process and a real Chromium, which draws in software, on the same
 * machine, and VEHICLES buses that each report every INTERVAL_S over the process's live bus. Prints one line of JSON
 * for the first load, one for each stage of watching, one for the memory.
 * Run: npm run bench:web -- [--vehicles 10000] [--interval 5] [--seconds 60] [--minutes 10] [--built FOLDER]
 * `--minutes 0` leaves the long watch out.
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { PASSWORD } from '../services/api/web-fixture.ts';
import { busesDrawn, DESKTOP, signIn, startBrowser } from '../web-map/support/browser.ts';
import { buildPagesForTest } from '../web-map/support/built-pages.ts';

const { values } = parseArgs({
  options: {
    vehicles: { type: 'string', default: '10000' },
    interval: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '10' },
    built: { type: 'string' },
  },
});
const [vehicles, intervalS, seconds, minutes] = [
  values.vehicles,
  values.interval,
  values.seconds,
  values.minutes,
].map(Number) as [number, number, number, number];
const LONG_TASK_MS = 50;
const SETTLE_MS = 8_000;
const ZOOM_MS = 800;
/** A machine that does other things too still gets its figures. */
const PATIENCE_MS = 180_000;

interface Usage {
  cpuOfOneCore: number;
  rssMb: number;
  heapMb: number;
  published: number;
}
interface Watched {
  longTasks: number[];
  paintAgesMs: number[];
}
declare global {
  interface Window {
    watched: Watched;
    firstPaintMs?: number;
  }
}

const print = (line: object) => console.log(JSON.stringify(line));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (n: number, digits = 0) => Number(n.toFixed(digits));

const pages = values.built ? { folder: values.built, remove: () => undefined } : await buildPagesForTest();
const server = fork(
  `${import.meta.dirname}/web-server.ts`,
  [pages.folder, String(vehicles), String(intervalS)],
  {
    execArgv: ['--import', 'tsx', '--max-semi-space-size=32'],
  },
);
const said = <T>() => new Promise<T>((resolve) => server.once('message', (message) => resolve(message as T)));
const browser = await startBrowser();
try {
  const { base } = await said<{ base: string }>();
  const state = await signInOnce(base);
  await firstLoad(base, state);
  const { page, cdp } = await openWatched(base, state);
  await watchFor(page, cdp, 'whole city', seconds);
  await zoomIn(page, 3);
  await watchFor(page, cdp, 'part of the city, three levels closer', seconds);
  await zoomIn(page, 2);
  await watchFor(page, cdp, 'streets, five levels closer', seconds);
  await page.goto(`${base}/list`);
  await page.locator('.row-open').first().waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await watchFor(page, cdp, 'list', seconds);
  if (minutes > 0) await memoryAfter(page, cdp, base, minutes);
} finally {
  await browser.close();
  server.send('end');
  pages.remove();
}

async function signInOnce(base: string) {
  const context = await browser.newContext({ viewport: DESKTOP });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await signIn(page, base, 'admin', PASSWORD);
  await busesDrawn(page, 1);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function newPage(state: Awaited<ReturnType<BrowserContext['storageState']>>) {
  const context = await browser.newContext({ viewport: DESKTOP, storageState: state });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => console.error(error));
  await page.addInitScript(() => {
    window.watched = { longTasks: [], paintAgesMs: [] };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.watched.longTasks.push(duration);
    }).observe({ type: 'longtask', buffered: true });
    window.busguardPainted = (receivedMs) => {
      const now = Date.now();
      for (const at of receivedMs) window.watched.paintAgesMs.push(now - at);
    };
    const seen = new MutationObserver(() => {
      const canvas = document.querySelector<HTMLElement>('.maplibregl-canvas');
      if (Number(canvas?.dataset.buses ?? 0) + Number(canvas?.dataset.clusters ?? 0) === 0) return;
      seen.disconnect();
      requestAnimationFrame(() => {
        window.firstPaintMs = performance.now();
      });
    });
    seen.observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-buses', 'data-clusters'],
    });
  });
  return { context, page };
}

/** Nothing cached, signed in: from asking for the address to the first map with buses on it. */
async function firstLoad(base: string, state: Awaited<ReturnType<BrowserContext['storageState']>>) {
  const runs = [];
  for (let run = 0; run < 3; run++) {
    const { context, page } = await newPage(state);
    await page.goto(base);
    await page.waitForFunction(() => window.firstPaintMs !== undefined);
    runs.push(
      await page.evaluate(() => {
        const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
        return {
          firstMapPaintMs: Math.round(window.firstPaintMs ?? 0),
          firstContentfulPaintMs: Math.round(
            performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
          ),
          scriptsKb: Math.round(
            files
              .filter(({ name }) => name.endsWith('.js'))
              .reduce((sum, file) => sum + file.decodedBodySize, 0) / 1e3,
          ),
          sentKb: Math.round(files.reduce((sum, file) => sum + file.transferSize, 0) / 1e3),
          longestTaskMs: Math.round(Math.max(0, ...window.watched.longTasks)),
        };
      }),
    );
    await context.close();
  }
  print({ measured: 'first load, nothing cached', vehicles, runs });
}

async function openWatched(base: string, state: Awaited<ReturnType<BrowserContext['storageState']>>) {
  const { context, page } = await newPage(state);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await page.goto(base);
  await page.waitForFunction(() => window.firstPaintMs !== undefined);
  await page.waitForTimeout(SETTLE_MS);
  return { page, cdp };
}

/** As with the keyboard: each press comes closer by one level. */
async function zoomIn(page: Page, levels: number) {
  const canvas = page.locator('.maplibregl-canvas');
  for (let level = 0; level < levels; level++) {
    await canvas.press('+');
    await page.waitForTimeout(ZOOM_MS);
  }
  await page.waitForTimeout(SETTLE_MS);
}

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find((one) => one.name === name)?.value ?? 0;
}

async function usage(): Promise<Usage> {
  const answer = said<Usage>();
  server.send('usage');
  return answer;
}

async function watchFor(page: Page, cdp: CDPSession, stage: string, forS: number) {
  await page.evaluate(() => {
    window.watched = { longTasks: [], paintAgesMs: [] };
  });
  const before = await usage();
  const [tasks, scripts, startedAt] = [
    await metric(cdp, 'TaskDuration'),
    await metric(cdp, 'ScriptDuration'),
    performance.now(),
  ];
  await pause(forS * 1_000);
  const elapsedS = (performance.now() - startedAt) / 1_000;
  const after = await usage();
  const mainMs = ((await metric(cdp, 'TaskDuration')) - tasks) * 1_000;
  const scriptMs = ((await metric(cdp, 'ScriptDuration')) - scripts) * 1_000;
  const { longTasks, paintAgesMs } = await page.evaluate(() => window.watched);
  paintAgesMs.sort((a, b) => a - b);
  const at = (share: number) => paintAgesMs[Math.floor(paintAgesMs.length * share)] ?? null;
  const canvas = await page.evaluate(() => {
    const { buses, clusters } = document.querySelector<HTMLElement>('.maplibregl-canvas')?.dataset ?? {};
    return { busesDrawn: Number(buses ?? 0), clustersDrawn: Number(clusters ?? 0) };
  });
  print({
    measured: 'watching',
    stage,
    vehicles,
    reportsPerS: round((after.published - before.published) / elapsedS),
    ...canvas,
    mainThreadMsPerS: round(mainMs / elapsedS),
    scriptMsPerS: round(scriptMs / elapsedS),
    longTasksPerMinute: round((longTasks.filter((ms) => ms > LONG_TASK_MS).length / elapsedS) * 60, 1),
    longestTaskMs: round(Math.max(0, ...longTasks)),
    painted: paintAgesMs.length,
    arrivalToPaintMsP50: at(0.5),
    arrivalToPaintMsP99: at(0.99),
    serverCpuOfOneCore: round(after.cpuOfOneCore, 2),
    serverRssMb: after.rssMb,
  });
}

async function memoryAfter(page: Page, cdp: CDPSession, base: string, forMinutes: number) {
  await page.goto(base);
  await page.waitForTimeout(SETTLE_MS);
  const heap = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return round((await metric(cdp, 'JSHeapUsedSize')) / 1e6, 1);
  };
  const [startMb, serverBefore] = [await heap(), await usage()];
  for (let minute = 1; minute <= forMinutes; minute++) {
    await pause(60_000);
    await page.evaluate(() => {
      window.watched = { longTasks: [], paintAgesMs: [] };
    });
    print({
      measured: 'memory',
      minute,
      heapMb: await heap(),
      startMb,
      serverRssMb: (await usage()).rssMb,
      serverRssMbBefore: serverBefore.rssMb,
    });
  }
}
