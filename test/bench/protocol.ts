import { getHeapStatistics } from 'node:v8';
import { fromHex } from '../../protocol/jt808/compile/bytes.ts';
import {
  decodeFrame,
  decodeLocation,
  encodeMessage,
  type Message,
  readLocationCore,
} from '../../protocol/jt808/index.ts';

/**
 * How fast a location report is read and written on one core, beside `JSON.parse` and `JSON.stringify` of the same
 * report in the same run. Run: npx tsx --expose-gc test/bench/protocol.ts
 */

/** Eight additional items, as a school bus sends them. */
const ITEMS =
  '01040001e9f6' +
  '02020190' +
  '03020140' +
  '250400000010' +
  '2a020002' +
  '2b0400640032' +
  '30011f' +
  '31010c';
const BODY = `00000002000c00030260f5d706f0159e002c0146007e260302073015${ITEMS}`;
const REPORTS = 512;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);
const STRETCHES = 10;

function frames(): Uint8Array[] {
  return Array.from({ length: REPORTS }, (_, i) => {
    const body = fromHex(BODY)!;
    // Another place, speed, second and odometer each: nothing may be remembered from one report to the next.
    body[11] = (body[11]! + i) & 0xff;
    body[15] = (body[15]! + 3 * i) & 0xff;
    body[19] = i & 0xff;
    body[21] = (7 * i) & 0xff;
    body[26] = Math.floor(i / 60);
    body[27] = Math.floor((i % 60) / 10) * 16 + (i % 10);
    body[33] = i & 0xff;
    const frame = new Uint8Array(12 + body.length + 1);
    frame.set(fromHex('02000000013912345678')!);
    frame[3] = body.length;
    frame[11] = i & 0xff;
    frame.set(body, 12);
    frame[frame.length - 1] = frame.subarray(0, -1).reduce((sum, byte) => sum ^ byte, 0);
    return frame;
  });
}

interface Measured {
  readonly perSecond: number;
  readonly bytesEach: number;
}

let sink: unknown;

/**
 * Calls `one` over all reports for a while, after a warm-up. Of the stretches measured the best is told, each in
 * processor time, so that what else the machine does is not counted as far as that can be.
 */
function measure(one: (i: number) => unknown): Measured {
  const round = (ms: number) => {
    const end = performance.now() + ms;
    let count = 0;
    while (performance.now() < end) {
      for (let i = 0; i < REPORTS; i++) sink = one(i);
      count += REPORTS;
    }
    return count;
  };
  round(700);
  let perSecond = 0;
  for (let i = 0; i < STRETCHES; i++) {
    const start = process.cpuUsage();
    const count = round((SECONDS * 1000) / STRETCHES);
    const used = process.cpuUsage(start);
    perSecond = Math.max(perSecond, count / ((used.user + used.system) / 1e6));
  }
  globalThis.gc?.();
  const before = getHeapStatistics().used_heap_size;
  const keep = new Array(REPORTS);
  for (let i = 0; i < REPORTS; i++) keep[i] = one(i);
  const bytesEach = (getHeapStatistics().used_heap_size - before) / REPORTS;
  sink = keep;
  return { perSecond, bytesEach };
}

const all = frames();
const bodies = all.map((frame) => frame.subarray(12, -1));
const messages = all.map((frame) => {
  const message = decodeFrame(frame);
  if ('error' in message) throw new Error(message.detail);
  return message;
});
const bodyJson = messages.map((message) => JSON.stringify(message.body));
const messageJson = messages.map((message) => JSON.stringify(message));

const results: Record<string, Measured> = {
  'decodeFrame: frame to message': measure((i) => decodeFrame(all[i]!)),
  'JSON.parse of that message': measure((i) => JSON.parse(messageJson[i]!)),
  'decodeLocation: body to typed object': measure((i) => decodeLocation(bodies[i]!, '2013')),
  'JSON.parse of that body': measure((i) => JSON.parse(bodyJson[i]!)),
  'readLocationCore: numbers only': measure((i) => readLocationCore(bodies[i]!)),
  'encodeMessage: message to frame': measure((i) => encodeMessage(messages[i] as Message)),
  'JSON.stringify of that message': measure((i) => JSON.stringify(messages[i])),
};
void sink;

const width = Math.max(...Object.keys(results).map((name) => name.length));
for (const [name, { perSecond, bytesEach }] of Object.entries(results)) {
  const bytes = globalThis.gc === undefined ? '' : `${String(Math.round(bytesEach)).padStart(7)} bytes each`;
  process.stdout.write(
    `${name.padEnd(width)} ${Math.round(perSecond).toLocaleString('en').padStart(12)}/s${bytes}\n`,
  );
}
const ratio = (a: string, b: string) => (results[a]!.perSecond / results[b]!.perSecond).toFixed(2);
process.stdout.write(
  `decode is ${ratio('decodeLocation: body to typed object', 'JSON.parse of that body')} times JSON.parse (typed body), ` +
    `${ratio('decodeFrame: frame to message', 'JSON.parse of that message')} times (whole frame); ` +
    `encode is ${ratio('encodeMessage: message to frame', 'JSON.stringify of that message')} times JSON.stringify\n`,
);
