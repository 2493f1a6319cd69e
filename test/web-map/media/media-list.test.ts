import { describe, expect, it } from 'vitest';
import type { MediaView } from '../../../services/api/contract.ts';
import { belongs, sizeText, withMedia } from '../../../web-map/src/media/media-list.ts';

const media = (id: string, more: Partial<MediaView> = {}): MediaView => ({
  id,
  vehicle: 'V1',
  plate: null,
  kind: 'photo',
  source: 'upload',
  channel: 1,
  event: 0,
  time: '2026-11-24T07:30:00.000+08:00',
  receivedAt: '2026-11-24T07:30:02.000+08:00',
  lat: null,
  lon: null,
  alert: null,
  name: null,
  terminalMediaId: null,
  stored: true,
  shown: true,
  contentType: 'image/jpeg',
  bytes: 1,
  sha256: '',
  legalHold: false,
  ...more,
});

describe('media of an alert and of a bus', () => {
  const start = '2026-11-24T07:29:30.000+08:00';
  const alert = { id: 'a', vehicle: 'V1', start, end: '2026-11-24T07:29:50.000+08:00' };

  it('are its own by the word of the service, else by vehicle and time', () => {
    const scope = { kind: 'alert', alert } as const;
    expect(belongs(scope, media('1', { alert: 'a', vehicle: 'V9' }))).toBe(true);
    expect(belongs(scope, media('1', { alert: 'b' }))).toBe(false);
    expect(belongs(scope, media('1'))).toBe(true);
    expect(belongs(scope, media('1', { vehicle: 'V2' }))).toBe(false);
    expect(belongs(scope, media('1', { time: '2026-11-24T07:40:00.000+08:00' }))).toBe(false);
    const lasting = { kind: 'alert', alert: { ...alert, end: null } } as const;
    expect(belongs(lasting, media('1', { time: '2026-11-24T07:40:00.000+08:00' }))).toBe(true);
    expect(belongs({ kind: 'bus', vehicle: 'V1' }, media('1', { alert: 'b' }))).toBe(true);
  });

  it('are each there once, newest first, and no longer announced once they have come', () => {
    const known = [
      media('old', { time: '2026-11-24T07:00:00.000+08:00' }),
      media('announced', { stored: false, terminalMediaId: 7 }),
      media('other', { stored: false, terminalMediaId: 8 }),
    ];
    const came = [media('new', { terminalMediaId: 7, time: '2026-11-24T07:31:00.000+08:00' }), known[0]!];
    expect(withMedia(known, came).map(({ id }) => id)).toEqual(['new', 'other', 'old']);
  });
});

it('sizes are read at a glance', () => {
  expect([0, 999, 8_731, 999_499, 999_500, 12_345_678].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '9 kB',
    '999 kB',
    '1.0 MB',
    '12.3 MB',
  ]);
});
