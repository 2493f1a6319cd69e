import { placeOf, REPORT_EVERY_S } from '../bench/bench-fleet.ts';
import type { Upload } from './restless-terminal.ts';
import { batchBody, locationBody } from './terminal-bytes.ts';

/** Reports of one round of a bus: a stretch of speeding, an SOS, and for some a blind area in the middle. */
const ROUND = 40;
const SPEEDING = { from: 18, to: 27 };
const BLIND = { from: 16, to: 24 };
const SOS_AT = 33;

/** Name of a bus's n-th report, for telling afterwards which of them are stored. */
export const reportName = (bus: number, n: number): string => `B${bus}#${n}`;

export const timeOf = (start: number, n: number): number => start + n * REPORT_EVERY_S * 1_000;

/** The body of a bus's n-th report: the same whenever and however often it is sent. */
export function storyBody(bus: number, n: number, start: number): number[] {
  const step = n % ROUND;
  const speeding = step >= SPEEDING.from && step <= SPEEDING.to;
  return locationBody({
    time: timeOf(start, n),
    ...placeOf(bus, n),
    speedKmh: speeding ? 85 : 36,
    alarm: step === SOS_AT ? 1 : 0,
  });
}

/**
 * What a bus has to tell, without end. Every third bus is without a network for a while in each round, tells what
 * comes after first and the blind area later, by 0x0704.
 */
export function* busStory(bus: number, start: number): Generator<Upload> {
  for (let round = 0; ; round += 1) {
    const blind: number[] = [];
    for (let step = 0; step < ROUND; step += 1) {
      const n = round * ROUND + step;
      if (bus % 3 === 0 && step >= BLIND.from && step <= BLIND.to) {
        blind.push(n);
        continue;
      }
      yield { msgId: 0x0200, body: storyBody(bus, n, start), reports: [reportName(bus, n)] };
    }
    if (blind.length === 0) continue;
    const items = blind.map((n) => storyBody(bus, n, start));
    yield { msgId: 0x0704, body: batchBody(items), reports: blind.map((n) => reportName(bus, n)) };
  }
}
