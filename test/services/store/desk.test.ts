import { expect, it } from 'vitest';
import type { Finding } from '../../../geo/finding.ts';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import { acknowledge, handle } from '../../../services/desk/handling.ts';
import { startEscalation } from '../../../services/desk/start-escalation.ts';
import type { HandledAlert } from '../../../services/live/alert-handling.ts';
import type { Role, User } from '../../../services/store/store.ts';
import { describeStores, quiet } from './backends.ts';
import { batch, finding, findingWrite, T, vehicleWrite } from './values.ts';

describeStores('the desk', (opened) => {
  const ANNE = { id: 'u1', login: 'anne', name: '安' };
  const person = (role: Role): User => ({
    id: role,
    login: role,
    displayName: role,
    role,
    district: null,
    providerId: null,
    schoolId: null,
    riderIds: [],
    personId: null,
    language: 'zh',
    disabled: false,
  });
  const doing = (at: number) => ({ by: ANNE, at });

  /** Findings that were raised at the moments given: steps stay for good, so each test has ids of its own. */
  async function raised(...findings: (Partial<Finding> & { id: string; raisedAt: number })[]): Promise<void> {
    const { vehicleKey, epoch } = await opened.store.ingest.claim('A');
    const vehicles = [vehicleWrite('A', vehicleKey, epoch)];
    const writes = findings.map(({ raisedAt: _, ...one }) => findingWrite(vehicleKey, finding('A', one)));
    await opened.store.ingest.commit(batch({ vehicles, findings: writes }));
    for (const { id, raisedAt } of findings) {
      const at = new Date(raisedAt).toISOString();
      await opened.database.run('update finding set raised_at = $2 where id = $1', [id, at]);
    }
  }

  it('keeps every step, and how the alert stands beside it', async () => {
    const { desk, findings } = opened.store;
    await raised({ id: 'd1', raisedAt: T });
    const taken = await desk.act('d1', (_stored, state) => ({
      steps: acknowledge(state, doing(T + 1), 'on it'),
    }));
    expect(taken).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'anne', note: 'on it' });
    const done = await desk.act('d1', (stored, state, steps) => {
      expect(steps.map(({ act }) => act)).toEqual(['acknowledge']);
      const said = { reason: 'driver', deed: 'crew_called', note: null } as const;
      return { steps: handle(state, doing(T + 2), stored.finding, said) };
    });
    expect(done).toMatchObject({
      state: 'resolved',
      resolution: 'driver',
      desk: { stage: 'handled', steps: 2 },
    });
    expect(await findings.get('d1')).toEqual(done);
    expect(await desk.steps('d1')).toMatchObject([
      { at: T + 1, by: ANNE, act: 'acknowledge', detail: { note: 'on it' } },
      { at: T + 2, by: ANNE, act: 'handle', detail: { reason: 'driver', deed: 'crew_called' } },
    ]);
    expect(await desk.act('none', () => ({ steps: [] }))).toBeNull();
    const staged = async (stage: 'new' | 'handled') =>
      (await findings.list({ stages: [stage], severities: ['P1', 'P2', 'P3'], limit: 9 })).length;
    expect([await staged('new'), await staged('handled')]).toEqual([0, 1]);
  });

  it('is undone as a whole where an act is refused', async () => {
    const { desk, findings } = opened.store;
    await raised({ id: 'd2', raisedAt: T });
    const refused = desk.act('d2', () => {
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(await findings.get('d2')).not.toHaveProperty('desk');
    expect(await desk.steps('d2')).toEqual([]);
  });

  it('lets two at once take up an alert once', async () => {
    await raised({ id: 'd3', raisedAt: T });
    const take = () =>
      opened.store.desk.act('d3', (_stored, state) => ({ steps: acknowledge(state, doing(T + 1), null) }));
    await Promise.all([take(), take(), take()]);
    expect(await opened.store.desk.steps('d3')).toHaveLength(1);
  });

  it('refuses to change a step', async () => {
    await expect(opened.database.run("update alert_step set act = 'note'")).rejects.toThrow(/append-only/);
    await expect(opened.database.run('delete from alert_step')).rejects.toThrow(/append-only/);
    await expect(opened.database.run('delete from shift_handover')).rejects.toThrow(/append-only/);
  });

  it('tells which alerts are due to go up, and which wake nobody', async () => {
    const minute = 60_000;
    await raised(
      { id: 'e1', severity: 'P1', rule: 'sos', raisedAt: T },
      { id: 'e2', severity: 'P2', raisedAt: T },
      { id: 'e3', severity: 'P3', raisedAt: T },
      { id: 'e4', severity: 'P1', rule: 'child_left_behind', raisedAt: T },
      // Late: a P1 of half an hour ago still wakes people, older ones and P2 do not.
      { id: 'e5', severity: 'P1', rule: 'sos', late: true, start: T - 20 * minute, raisedAt: T },
      { id: 'e6', severity: 'P1', rule: 'sos', late: true, start: T - 40 * minute, raisedAt: T },
      { id: 'e7', severity: 'P2', late: true, raisedAt: T },
      { id: 'e8', severity: 'P1', rule: 'sos', shadow: true, raisedAt: T },
    );
    const due = async (ms: number) => (await opened.store.desk.due(T + ms, 99)).map(({ id }) => id).sort();
    expect(await due(minute - 1)).toEqual([]);
    expect(await due(minute)).toEqual(['e1', 'e4', 'e5']);
    expect(await due(5 * minute)).toEqual(['e1', 'e2', 'e4', 'e5']);
    await opened.store.desk.act('e1', (_stored, state) => ({ steps: acknowledge(state, doing(T), null) }));
    expect(await due(5 * minute)).toEqual(['e2', 'e4', 'e5']);
  });

  it('is driven by one process at a time, tells the viewers, and leaves word for whoever sends it on', async () => {
    const { store, database } = opened;
    await raised(
      { id: 'g1', severity: 'P1', rule: 'sos', raisedAt: T },
      { id: 'g2', severity: 'P2', raisedAt: T },
    );
    await store.users.create({ ...person('school'), schoolId: 'S1' }, '');
    await store.users.create({ ...person('school'), id: 'other', login: 'other', schoolId: 'S9' }, '');
    await store.users.create(person('admin'), '');
    const bus = inProcessBus(quiet);
    const heard: HandledAlert[] = [];
    bus.subscribe('handled.>', (payload) => heard.push(payload as HandledAlert));
    let now = T + 61_000;
    const clocks = ['one', 'two'].map((holder) =>
      startEscalation({ store, bus, facts: () => null, holder, log: quiet, everyMs: 60_000, now: () => now }),
    );
    const look = async () => [await clocks[0]!.look(), await clocks[1]!.look()];
    expect(await look()).toEqual([1, 0]);
    expect(await look()).toEqual([0, 0]);
    now = T + 31 * 60_000;
    // Both levels that were slept through are reached at once.
    expect(await look()).toEqual([2, 0]);
    expect(heard.map(({ finding: { id }, handling }) => [id, handling.desk?.level])).toEqual([
      ['g1', 1],
      ['g1', 3],
      ['g2', 2],
    ]);
    expect((await store.desk.steps('g1')).map(({ by, detail }) => [by, detail.level, detail.told])).toEqual([
      [null, 1, ['provider_safety_officer', 'school']],
      [null, 3, ['district_leader']],
    ]);
    const told = await database.rows<{ key: string; payload: { people: string[] } }>(
      "select key, payload from outbox where topic = 'notify.escalation' order by id",
    );
    expect(told.map(({ key, payload }) => [key, payload.people])).toEqual([
      ['g1 1', ['school']],
      ['g1 3', ['admin']],
      ['g2 2', ['school']],
    ]);
    for (const clock of clocks) await clock.close();
    await bus.close();
  });

  it('keeps what one shift tells the next', async () => {
    const { desk } = opened.store;
    const one = {
      at: T,
      from: T - 9,
      to: T,
      userId: 'u1',
      userName: '安',
      desk: 'school:S7',
      note: '3 号车修理中',
    };
    const saved = await desk.saveHandover({ ...one, summary: { open: 2 } });
    expect(await desk.handovers('school:S7', 1)).toEqual([saved]);
    expect(await desk.handovers('school:none', 9)).toEqual([]);
    expect((await desk.handovers(null, 1))[0]).toEqual(saved);
  });
});
