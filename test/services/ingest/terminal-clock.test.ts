import { describe, expect, it } from 'vitest';
import { TerminalClock } from '../../../services/ingest/terminal-clock.ts';
import { report } from '../../geo/judge/drive.ts';

const NOW = Date.UTC(2026, 2, 2, 0, 0, 0);
const HOUR = 3_600_000;
const every10s = (clock: TerminalClock, count: number, offsetMs: (i: number) => number, live = true) =>
  Array.from({ length: count }, (_, i) => {
    const receivedAt = NOW + i * 10_000;
    return clock.errorOf(receivedAt + offsetMs(i), receivedAt, live);
  });

describe('the clock of a terminal', () => {
  it('is believed while it is within five minutes, and while reports come late', () => {
    const clock = new TerminalClock(null);
    expect(every10s(clock, 20, (i) => (i % 2 ? 290_000 : -290_000))).toEqual(Array(20).fill(0));
    expect(every10s(clock, 20, () => -40 * 60_000)).toEqual(Array(20).fill(0));
    expect(every10s(clock, 30, () => 30_000 - 2 * HOUR + 40 * 60_000)).toEqual(Array(30).fill(0));
  });

  it('eight hours ahead: not dated nine times, then put right', () => {
    const errors = every10s(new TerminalClock(null), 14, (i) => 8 * HOUR - 400 * (i % 3));
    expect(errors).toEqual([...Array(9).fill(null), ...Array(5).fill(8 * HOUR)]);
  });

  it('UTC for Chinese time: put right from the tenth on, as a whole time zone', () => {
    const errors = every10s(new TerminalClock(null), 14, (i) => -8 * HOUR - 900 * (i % 3));
    expect(errors).toEqual([...Array(9).fill(0), ...Array(5).fill(-8 * HOUR)]);
  });

  it('does not take a queue of eight hours that is being sent for a wrong clock', () => {
    const clock = new TerminalClock(null);
    const errors = Array.from({ length: 40 }, (_, i) =>
      clock.errorOf(NOW - 8 * HOUR + i * 1_000, NOW + i * 100, true),
    );
    expect(errors).toEqual(Array(40).fill(0));
  });

  it('a clock that jumps about is never put right', () => {
    expect(every10s(new TerminalClock(null), 30, (i) => HOUR + i * 60_000)).toEqual(Array(30).fill(null));
  });

  it('any constant error ahead is put right to the second', () => {
    expect(every10s(new TerminalClock(null), 10, () => 1_234_567).at(-1)).toBe(1_235_000);
  });

  it('is right again with the first fresh report, and learns another error', () => {
    const clock = new TerminalClock(null);
    every10s(clock, 12, () => 8 * HOUR);
    expect(clock.errorOf(NOW, NOW, true)).toBe(0);
    expect(clock.errorOf(NOW + 8 * HOUR, NOW, true)).toBeNull();
    every10s(clock, 12, () => 8 * HOUR);
    expect(every10s(clock, 12, () => 10 * HOUR).at(-1)).toBe(10 * HOUR);
  });

  it('what a wrong clock kept in memory is put right too; a right time among it is left', () => {
    const clock = new TerminalClock(null);
    every10s(clock, 12, () => -8 * HOUR);
    expect(clock.errorOf(NOW - 8 * HOUR - 600_000, NOW, false)).toBe(-8 * HOUR);
    expect(clock.errorOf(NOW - 600_000, NOW, false)).toBe(0);
  });

  it('is known after a restart from the newest stored report', () => {
    const said = report(NOW, [0, 0], { events: [{ kind: 'clock', offsetS: -28_800, corrected: true }] });
    expect(new TerminalClock(said).errorOf(NOW - 8 * HOUR, NOW, true)).toBe(-8 * HOUR);
    expect(new TerminalClock(report(NOW, [0, 0])).errorOf(NOW - 8 * HOUR, NOW, true)).toBe(0);
  });
});
