import { describe, expect, it } from 'vitest';
import type { AlertView } from '../../../services/api/contract.ts';
import {
  alertByBus,
  coloursBus,
  inOrderOfCare,
  isOpen,
  newestFirst,
  passes,
  withAlerts,
} from '../../../web-map/src/alerts/alert-list.ts';
import { evidenceFacts, evidenceSentence } from '../../../web-map/src/alerts/evidence.ts';
import { en } from '../../../web-map/src/i18n/en.ts';

const alert = (id: string, change: Partial<AlertView> = {}): AlertView => ({
  id,
  rule: 'speeding',
  vehicle: 'B1',
  plate: null,
  trip: null,
  routeName: null,
  routeShortName: null,
  severity: 'P2',
  start: '2026-11-24T07:30:00+08:00',
  end: null,
  lat: null,
  lon: null,
  late: false,
  evidence: {},
  state: 'new',
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  resolvedBy: null,
  resolution: null,
  note: null,
  raisedAt: '2026-11-24T07:30:01+08:00',
  retracted: false,
  ...change,
});
const listOf = (...alerts: AlertView[]) => withAlerts(new Map(), alerts);

describe('the list of alerts', () => {
  it('takes each alert once, as it last was', () => {
    const now = withAlerts(listOf(alert('a')), [alert('a', { end: '2026-11-24T07:31:00+08:00' })]);
    expect([...now.values()].map((a) => a.end)).toEqual(['2026-11-24T07:31:00+08:00']);
  });

  it('puts a replaced episode out of the list', () => {
    expect([...withAlerts(listOf(alert('a')), [alert('b', { replaces: 'a' })]).keys()]).toEqual(['b']);
  });

  it('does not let an older answer undo what was done', () => {
    const acknowledged = alert('a', { state: 'acknowledged', acknowledgedBy: 'wang' });
    const now = withAlerts(listOf(acknowledged), [alert('a', { end: '2026-11-24T07:31:00+08:00' })]);
    expect(now.get('a')).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'wang',
      end: '2026-11-24T07:31:00+08:00',
    });
  });

  it('does not change the list it was given', () => {
    const before = listOf(alert('a'));
    withAlerts(before, [alert('b')]);
    expect(before.size).toBe(1);
  });

  it('lists newest first, whatever zone a time is written in', () => {
    const list = listOf(
      alert('old', { start: '2026-11-24T07:30:00+08:00' }),
      alert('new', { start: '2026-11-23T23:31:00Z' }),
    );
    expect(newestFirst(list).map((a) => a.id)).toEqual(['new', 'old']);
  });
});

describe('the order of the list', () => {
  it('keeps urgent alerts on top until somebody takes them up', () => {
    const old = { start: '2026-11-24T07:00:00+08:00', severity: 'P1' } as const;
    const list = listOf(alert('new'), alert('sos', old), alert('seen', { ...old, state: 'acknowledged' }));
    expect(inOrderOfCare(list).map((a) => a.id)).toEqual(['sos', 'new', 'seen']);
  });
});

describe('an alert', () => {
  it('is open until it is resolved or taken back', () => {
    expect(isOpen(alert('a', { end: '2026-11-24T07:31:00+08:00' }))).toBe(true);
    expect(isOpen(alert('a', { state: 'resolved' }))).toBe(false);
    expect(isOpen(alert('a', { retracted: true }))).toBe(false);
  });

  it('colours its bus while it lasts, and an urgent one until somebody has taken it up', () => {
    const ended = { end: '2026-11-24T07:31:00+08:00' };
    expect(coloursBus(alert('a'))).toBe(true);
    expect(coloursBus(alert('a', ended))).toBe(false);
    expect(coloursBus(alert('a', { ...ended, severity: 'P1' }))).toBe(true);
    expect(coloursBus(alert('a', { ...ended, severity: 'P1', state: 'acknowledged' }))).toBe(false);
  });

  it('gives its bus the colour of the worst', () => {
    const list = listOf(
      alert('a'),
      alert('b', { severity: 'P1' }),
      alert('c', { severity: 'P3' }),
      alert('d', { vehicle: 'B2', retracted: true }),
    );
    expect([...alertByBus(list)]).toEqual([['B1', 'P1']]);
  });

  it('passes a filter by severity and openness', () => {
    expect(passes(alert('a'), { severities: ['P1'], openOnly: false })).toBe(false);
    expect(passes(alert('a', { state: 'resolved' }), { severities: ['P2'], openOnly: true })).toBe(false);
    expect(passes(alert('a', { state: 'resolved' }), { severities: ['P2'], openOnly: false })).toBe(true);
  });

  it('says what its evidence holds, and nothing of evidence it does not know', () => {
    expect(evidenceFacts(alert('a', { evidence: { peakKmh: 74.4, limitKmh: 60 } }), en, 'en')).toEqual([
      'Fastest 74 km/h',
      'Limit 60',
    ]);
    expect(evidenceFacts(alert('a', { evidence: { peakKmh: 'fast' } }), en, 'en')).toEqual([]);
    expect(evidenceFacts(alert('a', { rule: 'sos', evidence: { peakKmh: 74 } }), en, 'en')).toEqual([]);
  });

  it('says for each rule what was wrong, and since when', () => {
    const facts = (rule: AlertView['rule'], evidence: AlertView['evidence']) =>
      evidenceFacts(alert('a', { rule, evidence }), en, 'en');
    expect(facts('unapproved_vehicle', { reason: 'permit_expired' })).toEqual(['Permit expired']);
    expect(facts('missing_escort', { reason: 'none_assigned' })).toEqual(['No escort assigned']);
    expect(facts('missing_escort', { reason: 'of another day' })).toEqual([]);
    expect(facts('sos', { presses: 3 })).toEqual(['Pressed in 3 reports']);
    const lastContact = '2026-11-24T07:31:20+08:00';
    expect(facts('terminal_offline', { lastContact, carrying: true })).toEqual([
      'Last heard 07:31',
      'Pupils on board',
    ]);
  });

  it('passes on the sentence that came with the judgement, in the language asked for', () => {
    const judged = alert('a', { evidence: { explain: { zh: '超过限速。', en: 'Over the limit.' } } });
    expect(evidenceSentence(judged, 'zh')).toBe('超过限速。');
    expect(evidenceSentence(judged, 'en')).toBe('Over the limit.');
    for (const explain of [undefined, null, 'words', {}, { zh: 3 }])
      expect(evidenceSentence(alert('b', { evidence: { explain } }), 'zh')).toBeNull();
  });
});
