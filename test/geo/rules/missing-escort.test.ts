import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { card, inOrder, said, signOff, signOn, word } from '../judge/crew-words.ts';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { CREW, STRAIGHT, smallPlan } from '../judge/small-plan.ts';

const people = [...CREW, { id: 'second', role: 'escort' as const }];
const run = drive([0, 0], [{ standS: 60 }, { to: [5_000, 0], kmh: 30 }, { standS: 60 }], { startS: -60 });
const yesterday = said(-86_400, signOn());
const over = said(-86_000, signOff());

const found = (words: readonly (readonly Report[])[], escort: string | null = 'escort') =>
  judgeAll(
    smallPlan({ people, trips: [{ id: 't', line: STRAIGHT, escort }] }),
    inOrder(run, ...words),
  ).findings.filter((one) => one.rule === 'missing_escort');
const reasons = (...args: Parameters<typeof found>) =>
  found(...args).map(({ severity, evidence }) => [severity, evidence.reason, evidence.unverified ?? false]);

describe('missing escort, by sign-on', () => {
  it('is quiet where nobody ever signs on and the roster names an escort', () => {
    expect(reasons([])).toEqual([]);
  });

  it('is quiet where the escort signs on: by the card, by a phone at the bus, by the school, and a substitute too', () => {
    for (const on of [
      signOn(),
      signOn('escort', null),
      signOn('second'),
      word('sign_on', { person: 'escort', role: 'escort', nearBus: null }, 'school'),
      card('licence-escort'),
    ]) {
      expect(reasons([[yesterday, over, said(-30, on)]])).toEqual([]);
    }
  });

  it('a sign-on speaks before a roster that names nobody', () => {
    expect(reasons([[said(-30, signOn())]], null)).toEqual([]);
    expect(reasons([], null)).toEqual([['P2', 'none_assigned', true]]);
  });

  it('asks, unverified, where escorts sign on here and this one has not', () => {
    expect(reasons([[yesterday, over]])).toEqual([['P2', 'not_signed_on', true]]);
  });

  it('finds a card that fails unverified, not absent', () => {
    expect(reasons([[yesterday, over, said(-30, card(null))]])).toEqual([['P2', 'card_unreadable', true]]);
  });

  it('does not take a phone elsewhere as proof', () => {
    expect(reasons([[said(-30, signOn('escort', false))]])).toEqual([['P2', 'phone_elsewhere', true]]);
    // Once the school says that it was so, or the phone has come to the bus, that holds.
    const later = said(20, signOn('escort', true));
    expect(reasons([[said(-30, signOn('escort', false)), later]])).toEqual([]);
  });

  it('finds an escort who signs on to another bus meanwhile, until somebody takes over', () => {
    const gone = { kind: 'signed_elsewhere', person: 'escort', role: 'escort', vehicle: 'B2' } as const;
    const [finding, ...others] = found([[said(-30, signOn()), said(200, gone), said(400, signOn('second'))]]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'P2', evidence: { reason: 'on_another_bus' } });
    expect(found([[said(-30, signOn()), said(200, { ...gone, person: 'second' })]])).toEqual([]);
  });

  it('finds an escort who signs off before the run is over, from a minute on, until somebody takes over', () => {
    const words = [said(-30, signOn()), said(200, signOff()), said(400, signOn('second'))];
    const [finding, ...others] = found([words]);
    expect(others).toEqual([]);
    expect(brief(finding!)).toMatch(/^missing_escort P2 20\d-40\d$/);
    expect(finding!.evidence).toMatchObject({
      reason: 'signed_off',
      uncappedSeverity: 'P1',
      basis: 'sign-on',
    });
    expect(reasons([[said(-30, signOn(), signOn('second')), said(200, signOff())]])).toEqual([]);
    expect(reasons([[said(-30, signOn()), said(200, signOff()), said(250, signOn('second'))]])).toEqual([]);
  });

  it('is grave where pupils were counted aboard', () => {
    const words = [said(-30, signOn()), said(100, word('head_count', { aboard: 12 })), said(200, signOff())];
    expect(reasons([words])).toEqual([['P1', 'signed_off', false]]);
    const empty = [said(-30, signOn()), said(100, word('head_count', { aboard: 0 })), said(200, signOff())];
    expect(reasons([empty])).toEqual([]);
  });

  it('finds somebody signed on as an escort who is none', () => {
    expect(reasons([[said(-30, signOn('driver'))]])).toEqual([['P2', 'not_an_escort', true]]);
    expect(reasons([[said(-30, signOn('stranger'))]])).toEqual([['P2', 'not_on_register', true]]);
  });
});
