import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { card, cardOut, inOrder, said, signOn, word } from '../judge/crew-words.ts';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { CREW, STRAIGHT, smallPlan } from '../judge/small-plan.ts';

const people = [
  ...CREW,
  { id: 'other', role: 'driver' as const },
  { id: 'old', role: 'driver' as const, licenceValidTo: '20260301' },
];
const permits = [{ vehicleId: 'bus', driverIds: ['driver', 'old'] }];
const run = drive([0, 0], [{ standS: 60 }, { to: [5_000, 0], kmh: 30 }], { startS: -60 });
const heads = said(-20, word('head_count', { aboard: 9 }));

const judged = (words: readonly (readonly Report[])[], spec: Partial<Parameters<typeof smallPlan>[0]> = {}) =>
  judgeAll(
    smallPlan({ people, permits, trips: [{ id: 't', line: STRAIGHT }], ...spec }),
    inOrder(run, ...words),
  ).findings.filter((one) => one.rule === 'unapproved_driver');
const reasons = (...args: Parameters<typeof judged>) =>
  judged(...args).map(({ severity, evidence }) => [severity, evidence.reason, evidence.basis ?? null]);

describe('unapproved driver', () => {
  it('is quiet where the driver is named on the permit, or the permit names none', () => {
    expect(reasons([[said(-30, card('licence-driver'))]])).toEqual([]);
    expect(reasons([[said(-30, signOn('driver', true, 'driver'))]])).toEqual([]);
    expect(reasons([[said(-30, card('licence-other'))]], { permits: [{ vehicleId: 'bus' }] })).toEqual([]);
  });

  it.each([
    ['not_on_permit', 'licence-other'],
    ['licence_expired', 'licence-old'],
  ])('knows the wrong person: %s', (reason, licence) => {
    expect(reasons([[said(-30, card(licence)), heads]])).toEqual([['P1', reason, 'card']]);
    // Pupils aboard that nobody counted cap it.
    expect(judged([[said(-30, card(licence))]])[0]).toMatchObject({
      severity: 'P2',
      evidence: { unverified: true, uncappedSeverity: 'P1' },
    });
  });

  it('believes the date on the card itself, to the day', () => {
    expect(reasons([[said(-30, card('licence-driver', '20260301')), heads]])).toEqual([
      ['P1', 'licence_expired', 'card'],
    ]);
    expect(reasons([[said(-30, card('licence-driver', '20260302')), heads]])).toEqual([]);
  });

  it('does not say that a card which nobody knows is a stranger', () => {
    expect(reasons([[said(-30, card('no such card')), heads]])).toEqual([['P2', 'unknown_card', 'card']]);
  });

  it('finds an unreadable card unverified, after it had a minute to be read again', () => {
    expect(judged([[said(-30, card(null)), heads]]).map(brief)).toEqual(['unapproved_driver P2 5-595']);
    expect(reasons([[said(-30, card(null)), said(40, card('licence-driver'))]])).toEqual([]);
  });

  it('misses an identity after three minutes of moving, only where cards are in use', () => {
    expect(reasons([])).toEqual([]);
    const used = [said(-86_400, card('licence-driver')), said(-86_000, cardOut)];
    expect(reasons([used])).toEqual([['P2', 'no_identity', 'none']]);
    expect(reasons([used, [said(170, card('licence-driver'))]])).toEqual([]);
    expect(reasons([used, [said(200, card('licence-driver'))]])).toEqual([['P2', 'no_identity', 'none']]);
    const longAgo = [said(-31 * 86_400, card('licence-driver')), said(-31 * 86_400 + 60, cardOut)];
    expect(reasons([longAgo])).toEqual([]);
  });

  it('goes by the roster where nobody identifies themselves, and says that it is unverified', () => {
    const trips = [{ id: 't', line: STRAIGHT, driver: 'other' }];
    expect(
      reasons(
        [heads].map((one) => [one]),
        { trips },
      ),
    ).toEqual([['P2', 'not_on_permit', 'duty roster']]);
    expect(judged([], { trips })[0]!.evidence).toMatchObject({ unverified: true });
    // Who is really there speaks before the roster.
    expect(reasons([[said(-30, card('licence-driver'))]], { trips })).toEqual([]);
  });

  it('ends when the right driver takes over', () => {
    const words = [said(-30, card('licence-other')), said(200, cardOut), said(205, card('licence-driver'))];
    expect(judged([words]).map(brief)).toEqual(['unapproved_driver P2 5-205']);
  });

  it('notes a change on the way without the card being drawn out, once', () => {
    const words = [said(-30, card('licence-driver')), said(200, card('licence-old'))];
    expect(reasons([words]).map(([, reason]) => reason)).toContain('changed_without_card_out');
    const proper = [said(-30, card('licence-driver')), said(200, cardOut), said(210, card('licence-driver'))];
    expect(reasons([proper])).toEqual([]);
  });

  it('passes an escort’s refusal on at once', () => {
    const words = [said(-10, word('departure_refused', { reason: '驾驶人身体不适' }))];
    expect(judged([words]).map((one) => [one.severity, one.evidence.said])).toEqual([
      ['P1', '驾驶人身体不适'],
    ]);
  });
});
