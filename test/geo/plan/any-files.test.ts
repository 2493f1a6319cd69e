import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import { smallFiles } from './small-plan.ts';

const names = [...smallFiles().keys()];
const scrap = fc.oneof(
  fc.constantFrom(
    '',
    ',',
    '"',
    '\n',
    '\r\n',
    ';',
    '-',
    '0',
    '-1',
    '1e9',
    'NaN',
    '24:00:00',
    '\u0000',
    '校',
    '[',
    '}',
    'null',
  ),
  fc.string({ maxLength: 5 }),
);
/** One cut: so many characters from a place in the file are replaced. */
const cut = fc.record({ file: fc.constantFrom(...names), at: fc.nat(3000), length: fc.nat(30), scrap });

describe('whatever the files hold', () => {
  it('there is a plan that can be asked, or problems that name a file and a line; never a fault', () => {
    fc.assert(
      fc.property(
        fc.array(cut, { minLength: 1, maxLength: 4 }),
        fc.subarray(names, { minLength: 12 }),
        (cuts, kept) => {
          const files = new Map([...smallFiles()].filter(([name]) => kept.includes(name)));
          for (const { file, at, length, scrap } of cuts) {
            const text = files.get(file);
            if (text === undefined) continue;
            const from = at % (text.length + 1);
            files.set(file, text.slice(0, from) + scrap + text.slice(from + length));
          }
          const result = buildPlan(files, 'any');
          if (result.ok) {
            const { plan } = result;
            expect(plan.runsAt(Date.parse('2026-11-24T06:50:00+08:00'), 7200).length).toBeLessThan(100);
            expect(plan.dutiesAt('V1', Date.parse('2026-11-24T06:50:00+08:00'), 7200).length).toBeLessThan(
              100,
            );
            for (const trip of plan.trips.values()) {
              const shape = plan.shapes.get(trip.shapeId)!;
              let beforeM = 0;
              let beforeS = 0;
              for (const { alongM, arrivalS, departureS } of trip.stopTimes) {
                expect(alongM).toBeGreaterThanOrEqual(beforeM);
                expect(alongM).toBeLessThanOrEqual(shape.lengthM);
                expect(arrivalS).toBeGreaterThanOrEqual(beforeS);
                expect(departureS).toBeGreaterThanOrEqual(arrivalS);
                [beforeM, beforeS] = [alongM, departureS];
              }
            }
          } else {
            expect(result.problems.length).toBeGreaterThan(0);
            for (const { file, line, reason } of result.problems) {
              expect(file).not.toBe('');
              expect(line).toBeLessThanOrEqual((files.get(file) ?? '').split(/\r\n|\r|\n/).length);
              expect(reason).not.toBe('');
            }
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
