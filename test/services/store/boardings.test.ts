import { expect, it } from 'vitest';
import type { BoardingEvent } from '../../../geo/boardings/boarding-event.ts';
import { describeStores } from './backends.ts';

const at = (clock: string) => Date.parse(`2026-11-24T${clock}:00+08:00`);
let day = 0;

describeStores('boardings', (opened) => {
  /** Nothing is ever emptied here: each test has a day of its own. */
  const aRun = (trip = 'T1') => ({ trip, serviceDate: `2026${String(1201 + day).padStart(4, '0')}` });
  const event = (id: string, more: object = {}, clock = '07:01'): BoardingEvent =>
    ({
      id,
      kind: 'boarded',
      rider: 'K1',
      stop: 'A1',
      at: at(clock),
      receivedAt: at('07:30'),
      source: 'app',
      by: 'u1',
      vehicle: 'V1',
      ...more,
    }) as BoardingEvent;
  const nothing = () => [];

  it('keeps what was said as it was said, once, in order of its time', async () => {
    day += 1;
    const { boardings } = opened.store;
    const count = {
      id: 'count-001',
      kind: 'head_count',
      aboard: 3,
      stop: null,
      at: at('07:02'),
      receivedAt: at('07:30'),
      source: 'app',
      by: 'u1',
      vehicle: null,
    } as BoardingEvent;
    const first = await boardings.append(aRun(), [event('tap-00002', {}, '07:03'), count], nothing);
    expect([...first].sort()).toEqual(['count-001', 'tap-00002']);
    const again = [event('tap-00002', { rider: 'K9' }), event('tap-00001')];
    expect([...(await boardings.append(aRun(), again, nothing))]).toEqual(['tap-00001']);
    expect(await boardings.ofRun(aRun())).toEqual([
      event('tap-00001'),
      count,
      event('tap-00002', {}, '07:03'),
    ]);
    expect(await boardings.ofRun(aRun('T2'))).toEqual([]);
    const ofRider = await boardings.ofRiders(['K1'], [aRun().serviceDate]);
    expect(ofRider.map((one) => [one.trip, one.event.id])).toEqual([
      ['T1', 'tap-00001'],
      ['T1', 'tap-00002'],
    ]);
  });

  it('tells of a change in the transaction that makes it, once, however many phones send at the same time', async () => {
    day += 1;
    const { boardings } = opened.store;
    const key = `${aRun().serviceDate} T1`;
    const tell = (before: readonly BoardingEvent[], after: readonly BoardingEvent[]) =>
      before.length === 0 && after.length > 0
        ? [{ topic: 'boarding', key, payload: { n: after.length } }]
        : [];
    const taps = Array.from({ length: 12 }, (_, i) => event(`tap-${String(i).padStart(5, '0')}`));
    await Promise.all([
      boardings.append(aRun(), taps.slice(0, 8), tell),
      boardings.append(aRun(), taps.slice(4), tell),
      boardings.append(aRun(), taps, tell),
    ]);
    expect(await boardings.ofRun(aRun())).toHaveLength(12);
    const told = await opened.database.rows('select key from outbox where topic = $1 and key = $2', [
      'boarding',
      key,
    ]);
    expect(told).toHaveLength(1);
    const failing = boardings.append(aRun(), [event('tap-99999')], () => {
      throw new Error('cannot tell');
    });
    await expect(failing).rejects.toThrow('cannot tell');
    expect(await boardings.ofRun(aRun())).toHaveLength(12);
  });

  it('refuses to be changed, and gives what is past its time', async () => {
    day += 1;
    const { boardings } = opened.store;
    await boardings.append(aRun(), [event('absent-01', { kind: 'absent' })], nothing);
    await expect(opened.database.run("update boarding_event set rider = 'K2'")).rejects.toThrow(
      'append-only',
    );
    const absences = await boardings.absences(aRun().serviceDate, ['T1', 'T2']);
    expect(absences.map((one) => [one.trip, one.event.kind])).toEqual([['T1', 'absent']]);
    const photo = { contentType: 'image/jpeg', bytes: new Uint8Array([1, 2, 3]) };
    expect(await boardings.keepPhoto(aRun(), 'walk-0001', 'u1', at('07:40'), photo)).toBe(true);
    expect(await boardings.keepPhoto(aRun(), 'walk-0001', 'u2', at('07:41'), photo)).toBe(false);
    const kept = await boardings.photo(aRun(), 'walk-0001');
    expect([kept?.contentType, ...(kept?.bytes ?? [])]).toEqual(['image/jpeg', 1, 2, 3]);
    await boardings.prune('20270101');
    expect(await boardings.ofRun(aRun())).toEqual([]);
    expect(await boardings.photo(aRun(), 'walk-0001')).toBeNull();
  });
});
