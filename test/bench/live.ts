/**
 * What live push costs: VEHICLES buses that report every INTERVAL_S, watched in full by VIEWERS over socket.io, which
 * run in a process of their own. Prints the processor time of the web process for each second, and how old a position
 * is when it arrives. Run: node --import tsx test/bench/live.ts [vehicles] [viewers] [seconds]
 */
import { fork } from 'node:child_process';
import { io } from 'socket.io-client';
import type { PositionView } from '../../services/api/contract.ts';
import { PEOPLE } from '../services/api/small-plan.ts';
import { progressOf, publishPosition, report, startFixture } from '../services/api/web-fixture.ts';

const INTERVAL_S = 10;
const [vehicles = 10_000, viewers = 50, seconds = 20] = process.argv
  .slice(2)
  .filter((a) => a !== 'viewers')
  .map(Number);

if (process.argv.includes('viewers')) {
  await watch(process.env.BASE ?? '', (process.env.COOKIES ?? '').split('|'));
} else {
  await serve();
}

async function serve(): Promise<void> {
  const web = await startFixture({ liveLimits: {}, now: Date.now });
  const cookies: string[] = [];
  for (let i = 0; i < Math.ceil(viewers / 10); i++) cookies.push(await web.signIn(PEOPLE.admin));
  const child = fork(import.meta.filename, ['viewers'], {
    execArgv: ['--import', 'tsx'],
    env: {
      ...process.env,
      BASE: web.base,
      COOKIES: Array.from({ length: viewers }, (_, i) => cookies[i % cookies.length]).join('|'),
    },
  });
  const answers = (type: string) =>
    new Promise<Record<string, number>>((resolve) => {
      child.on('message', (message: { type: string; counts: Record<string, number> }) => {
        if (message.type === type) resolve(message.counts);
      });
    });
  await answers('connected');
  const perTick = vehicles / INTERVAL_S / 50;
  let next = 0;
  let published = 0;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt;
      const due = Math.floor((elapsed / 20) * perTick);
      for (; published < due; published++) {
        publishPosition(web.bus, report(`V${next++ % vehicles}`, Date.now()), progressOf('T1', 'A2'));
      }
      if (elapsed < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  const used = process.cpuUsage(before);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const counted = answers('counts');
  child.send('count');
  const { received = 0, p50 = 0, p99 = 0 } = await counted;
  const cpu = (used.user + used.system) / 1e6 / ((performance.now() - startedAt) / 1000 - 1);
  const line = { vehicles, viewers, seconds, published, expected: published * viewers, received };
  const memoryMb = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    JSON.stringify({ ...line, cpuOfOneCore: Number(cpu.toFixed(2)), ageMsP50: p50, ageMsP99: p99, memoryMb }),
  );
  child.kill();
  await web.close();
}

async function watch(base: string, cookies: string[]): Promise<void> {
  const ages: number[] = [];
  let received = 0;
  await Promise.all(
    cookies.map(
      (cookie) =>
        new Promise<void>((resolve, reject) => {
          const socket = io(base, { transports: ['websocket'], extraHeaders: { cookie }, forceNew: true });
          socket.on('connect', () => resolve());
          socket.on('connect_error', reject);
          socket.on('position', (position: PositionView) => {
            if (received++ % 97 === 0) ages.push(Date.now() - Date.parse(position.time));
          });
        }),
    ),
  );
  process.send?.({ type: 'connected', counts: {} });
  process.on('message', () => {
    ages.sort((a, b) => a - b);
    const at = (share: number) => ages[Math.floor(ages.length * share)] ?? 0;
    process.send?.({ type: 'counts', counts: { received, p50: at(0.5), p99: at(0.99) } });
  });
}
