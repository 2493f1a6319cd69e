import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertView } from '../../../services/api/contract.ts';
import { alerts, forgetAlerts, takeAlertSnapshot, takeAlerts } from '../../../web-map/src/state/alerts.ts';

const alert = (id: string, end: string | null = null): AlertView =>
  ({
    id,
    vehicle: 'B1',
    severity: 'P2',
    start: '2026-11-24T07:30:00+08:00',
    end,
    state: 'new',
    late: false,
    retracted: false,
  }) as AlertView;
const ENDED = '2026-11-24T07:31:00+08:00';
const shown = () => [...alerts.get().byId.values()].map(({ id, end }) => [id, end]);

describe('the snapshot of alerts', () => {
  beforeEach(forgetAlerts);

  it('takes the place of what was known', () => {
    takeAlerts([alert('old')]);
    takeAlertSnapshot([alert('A')], null, []);
    expect(shown()).toEqual([['A', null]]);
  });

  it('loses no alert that was raised while it was on its way', () => {
    takeAlertSnapshot([alert('A')], null, [alert('B')]);
    expect(shown()).toEqual([
      ['A', null],
      ['B', null],
    ]);
  });

  it('gives way to the end of an alert heard meanwhile, and opens none again', () => {
    takeAlertSnapshot([alert('A'), alert('B', ENDED)], null, [alert('A', ENDED), alert('B')]);
    expect(shown()).toEqual([
      ['A', ENDED],
      ['B', ENDED],
    ]);
  });
});
