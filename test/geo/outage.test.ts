import { expect, it } from 'vitest';
import { findOutage, OUTAGE, type TerminalContact } from '../../geo/outage.ts';

const S = 1000;
const terminal = (n: number, lastAt: number, missed = true): TerminalContact => ({
  vehicle: `V${n}`,
  lastAt,
  missed,
});
const fleet = (count: number, lastAt: (n: number) => number, missed: (n: number) => boolean) =>
  Array.from({ length: count }, (_, n) => terminal(n, lastAt(n), missed(n)));

it('is one where more than a fifth of the live terminals fall silent within a minute', () => {
  const twoOfTen = fleet(
    10,
    (n) => (n < 2 ? n * S : 500 * S),
    (n) => n < 2,
  );
  expect(findOutage(twoOfTen, { ...OUTAGE, fewest: 2 })).toBeNull();
  const threeOfTen = fleet(
    10,
    (n) => (n < 3 ? n * 30 * S : 500 * S),
    (n) => n < 3,
  );
  expect(findOutage(threeOfTen)).toEqual({ start: 0, vehicles: ['V0', 'V1', 'V2'], of: 10 });
  const overAMinute = fleet(
    10,
    (n) => (n < 3 ? n * 31 * S : 500 * S),
    (n) => n < 3,
  );
  expect(findOutage(overAMinute)).toBeNull();
});

it('is never of a handful, nor of buses that are parked and missed by nobody', () => {
  expect(
    findOutage(
      fleet(
        2,
        () => 0,
        () => true,
      ),
    ),
  ).toBeNull();
  expect(
    findOutage(
      fleet(
        40,
        () => 0,
        () => false,
      ),
    ),
  ).toBeNull();
});

it('does not count those that had gone before among the live', () => {
  const gone = fleet(
    90,
    (n) => -3600 * S - n,
    () => false,
  );
  const silent = [
    terminal(100, 0),
    terminal(101, 5 * S),
    terminal(102, 9 * S),
    terminal(103, 900 * S, false),
  ];
  expect(findOutage([...gone, ...silent])).toMatchObject({ start: 0, of: 4 });
});

it('of five thousand is one', () => {
  const all = fleet(
    5_000,
    (n) => (n * 7) % (50 * S),
    () => true,
  );
  expect(findOutage(all)).toMatchObject({ start: 0, of: 5_000 });
  expect(findOutage(all)?.vehicles).toHaveLength(5_000);
});
