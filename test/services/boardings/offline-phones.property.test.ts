import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardingEvent, BoardingSource } from '../../../geo/boardings/boarding-event.ts';
import { mergeEvents } from '../../../geo/boardings/merge-events.ts';
import type { Expected } from '../../../geo/boardings/rider-record.ts';
import { runRecord } from '../../../geo/boardings/run-record.ts';
import { memoryBoardings } from '../../support/memory-boardings.ts';

const RUN = { trip: 'T1', serviceDate: '20261124' };
const START = Date.parse('2026-11-24T07:00:00+08:00');
const RIDERS = ['K1', 'K2', 'K3'];
const ROSTER: ReadonlyMap<string, Expected> = new Map(
  RIDERS.map((rider) => [rider, { stop: 'A1', toSchool: true }]),
);

/** A tap on a phone: on which of two, when within half an hour without a network, and what. */
const tap = fc.record({
  phone: fc.constantFrom('a', 'b'),
  minute: fc.integer({ min: 0, max: 30 }),
  rider: fc.constantFrom(...RIDERS),
  kind: fc.constantFrom('boarded', 'alighted', 'absent', 'taken_back'),
  of: fc.nat(),
});
const tapped = fc.array(tap, { maxLength: 24 }).map((taps) => {
  const events: BoardingEvent[] = [];
  taps.forEach(({ phone, minute, rider, kind, of }, i) => {
    const common = {
      id: `${phone}-${i}`,
      at: START + minute * 60_000,
      receivedAt: null,
      source: 'app' as BoardingSource,
      by: phone,
      vehicle: 'V1',
      rider,
    };
    const own = events.filter((event) => event.by === phone);
    const target = own[of % Math.max(1, own.length)];
    if (kind === 'taken_back') {
      if (target && 'rider' in target) events.push({ ...common, kind, rider: target.rider, of: target.id });
    } else if (kind === 'boarded') events.push({ ...common, kind, stop: 'A1' });
    else if (kind === 'alighted') events.push({ ...common, kind, stop: 'G1', to: null });
    else events.push({ ...common, kind: 'absent' });
  });
  return events;
});

describe('two phones on one run, half an hour without a network', () => {
  it('whatever is sent in whichever pieces, order and number: all of it is there, once', async () => {
    await fc.assert(
      fc.asyncProperty(
        tapped,
        fc.array(fc.record({ from: fc.nat(), size: fc.integer({ min: 1, max: 8 }) }), { maxLength: 12 }),
        fc.nat(),
        async (events, pieces, turn) => {
          const store = memoryBoardings();
          const send = (list: readonly BoardingEvent[]) =>
            store.append(
              RUN,
              list.map((event, i) => ({ ...event, receivedAt: START + 3_600_000 + i })),
              () => [],
            );
          // Pieces that were sent and not answered, and are sent again; the two phones through each other.
          for (const { from, size } of pieces) {
            const at = events.length === 0 ? 0 : from % events.length;
            await send(events.slice(at, at + size));
          }
          const rest = [
            ...events.slice(turn % (events.length + 1)),
            ...events.slice(0, turn % (events.length + 1)),
          ];
          for (const event of rest) await send([event]);
          const stored = await store.ofRun(RUN);
          expect(stored.map(({ id, at }) => [id, at]).sort()).toEqual(
            events.map(({ id, at }) => [id, at]).sort(),
          );
          const said = runRecord(events, ROSTER);
          const kept = runRecord(stored, ROSTER);
          expect(kept.counts).toEqual(said.counts);
          expect(kept.riders.map(({ rider, state }) => [rider, state])).toEqual(
            said.riders.map(({ rider, state }) => [rider, state]),
          );
          // A phone that still holds what the platform has shows the same as the platform.
          expect(runRecord([...events, ...stored], ROSTER)).toEqual(kept);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a record is one thing for every order of what was said', () => {
    fc.assert(
      fc.property(
        tapped.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        ([events, shuffled]) => {
          expect(mergeEvents(shuffled, events)).toEqual(mergeEvents(events));
          expect(runRecord(shuffled, ROSTER)).toEqual(runRecord(events, ROSTER));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts children and not taps, and shows every tap as evidence', () => {
    fc.assert(
      fc.property(tapped, (events) => {
        const { riders, counts } = runRecord(events, ROSTER);
        expect(riders).toHaveLength(RIDERS.length);
        expect(riders.reduce((sum, one) => sum + one.evidence.length, 0)).toBe(events.length);
        expect(counts.aboard).toBeLessThanOrEqual(RIDERS.length);
        for (const { evidence, state } of riders) {
          const standing = evidence.filter((one) => one.kind !== 'taken_back' && !one.takenBack);
          if (standing.length === 0) expect(state).toBe('expected');
          else expect(state).not.toBe('expected');
        }
      }),
    );
  });
});
