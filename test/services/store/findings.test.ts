import { expect, it } from 'vitest';
import { acknowledge, resolve } from '../../../services/desk/handling.ts';
import type { FindingWrite } from '../../../services/store/store.ts';
import { describeStores } from './backends.ts';
import { batch, contactState, finding, findingWrite, T, vehicleWrite } from './values.ts';

describeStores('findings', (opened) => {
  const claimed = async (vehicle = 'A') => {
    const { vehicleKey, epoch } = await opened.store.ingest.claim(vehicle);
    const vehicles = [vehicleWrite(vehicle, vehicleKey, epoch)];
    return {
      vehicleKey,
      commit: (...findings: FindingWrite[]) => opened.store.ingest.commit(batch({ vehicles, findings })),
      retract: (id: string) =>
        opened.store.ingest.commit(batch({ vehicles, retractions: [{ vehicleKey, id }] })),
    };
  };

  const doing = (login: string, at: number) => ({ by: { id: login, login, name: login }, at });
  const acknowledged = (id: string, by: string, at: number, note: string | null) =>
    opened.store.desk.act(id, (_stored, state) => ({ steps: acknowledge(state, doing(by, at), note) }));
  const resolved = (id: string, by: string, at: number, why: string, note: string | null) =>
    opened.store.desk.act(id, (_stored, state) => ({ steps: resolve(state, doing(by, at), why, note) }));

  it('open, are extended and close under one id', async () => {
    const { vehicleKey, commit } = await claimed();
    const open = finding('A');
    await commit(findingWrite(vehicleKey, open));
    const raised = (await opened.store.findings.get(open.id))!;
    expect(raised).toMatchObject({
      finding: open,
      district: '武进区',
      schoolIds: ['S1', 'S2'],
      state: 'new',
      acknowledgedAt: null,
      retracted: false,
    });
    const closed = { ...open, end: T + 30_000, severity: 'P1' as const, evidence: { peakKmh: 80 } };
    // The same id twice in one batch: the last word counts.
    await commit(findingWrite(vehicleKey, open), findingWrite(vehicleKey, closed));
    expect(await opened.store.findings.get(open.id)).toEqual({ ...raised, finding: closed });
    expect(await opened.store.ingest.findingsBetween(vehicleKey, T + 30_000, T + 40_000)).toEqual([closed]);
    expect(await opened.store.ingest.findingsBetween(vehicleKey, T + 30_001, T + 40_000)).toEqual([]);
  });

  it('of rules in shadow are listed only when asked for', async () => {
    const { findings, ingest } = opened.store;
    const { vehicleKey, commit } = await claimed();
    const shadow = finding('A', { id: 's', shadow: true });
    await commit(findingWrite(vehicleKey, shadow), findingWrite(vehicleKey, finding('A', { id: 'f' })));
    const ids = async (query: object) =>
      (await findings.list({ limit: 9, ...query })).map((one) => one.finding.id);
    expect(await ids({})).toEqual(['f']);
    expect(await ids({ shadow: true })).toEqual(['s']);
    expect((await findings.get('s'))?.finding).toEqual(shadow);
    // The judge knows them all.
    expect(await ingest.findingsBetween(vehicleKey, 0, T + 1)).toHaveLength(2);
  });

  it('are held under an incident until they are released', async () => {
    const { findings } = opened.store;
    const { vehicleKey, commit } = await claimed();
    const ids = async (query: object) =>
      (await findings.list({ limit: 9, ...query })).map((one) => one.finding.id);
    const held = finding('A', { id: 'h' });
    await commit(findingWrite(vehicleKey, held, { incident: 'i' }));
    expect(await ids({})).toEqual([]);
    expect(await ids({ incident: 'i' })).toEqual(['h']);
    await commit(findingWrite(vehicleKey, { ...held, severity: 'P1' }));
    expect((await findings.get('h'))?.incident).toBe('i');
    await commit(findingWrite(vehicleKey, held, { incident: null }));
    expect(await ids({})).toEqual(['h']);
    expect(await findings.get('h')).not.toHaveProperty('incident');
  });

  it('are acknowledged and resolved once', async () => {
    const { findings } = opened.store;
    const { vehicleKey, commit } = await claimed();
    await commit(findingWrite(vehicleKey, finding('A', { id: 'f1' })));
    const first = await acknowledged('f1', 'u1', T + 1, 'on it');
    expect(first).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'u1',
      acknowledgedAt: T + 1,
      note: 'on it',
    });
    expect(await acknowledged('f1', 'u2', T + 2, null)).toEqual(first);
    const done = await resolved('f1', 'u3', T + 3, 'false_alarm', null);
    expect(done).toMatchObject({
      state: 'resolved',
      resolvedBy: 'u3',
      resolution: 'false_alarm',
      note: 'on it',
    });
    expect(await resolved('f1', 'u4', T + 4, 'other', 'no')).toEqual(done);
    expect(await acknowledged('f1', 'u4', T + 5, 'late')).toEqual(done);
    expect(await acknowledged('nobody', 'u1', T, null)).toBeNull();
    // What the judge has to add changes nothing of what people did.
    await commit(findingWrite(vehicleKey, finding('A', { id: 'f1', end: T + 9 })));
    expect(await findings.get('f1')).toEqual({ ...done, finding: { ...done!.finding, end: T + 9 } });
  });

  it('keep their handling when late reports move their start', async () => {
    const { findings } = opened.store;
    const { vehicleKey, commit } = await claimed();
    await commit(findingWrite(vehicleKey, finding('A', { id: 'a' })));
    const handled = (await acknowledged('a', 'u1', T + 1, 'mine'))!;
    const b = finding('A', { id: 'b', start: T - 60_000 });
    await commit(findingWrite(vehicleKey, b, { replaces: 'a' }));
    expect(await findings.get('b')).toEqual({ ...handled, finding: b });
    // A page that still shows the old id reaches the same episode.
    expect(await findings.get('a')).toEqual({ ...handled, finding: b });
    const c = finding('A', { id: 'c', start: T - 90_000 });
    await commit(findingWrite(vehicleKey, c, { replaces: 'b' }));
    expect((await resolved('a', 'u2', T + 2, 'warned', null))?.finding).toEqual(c);
    expect((await findings.list({ limit: 10 })).map((found) => found.finding.id)).toEqual(['c']);
    // And back again.
    const a = finding('A', { id: 'a' });
    await commit(findingWrite(vehicleKey, a, { replaces: 'c' }));
    expect(await findings.get('c')).toMatchObject({ finding: a, state: 'resolved', acknowledgedBy: 'u1' });
    // The replacement told twice, as after a commit whose answer was lost.
    await commit(findingWrite(vehicleKey, a, { replaces: 'c' }));
    expect(await findings.get('a')).toMatchObject({ finding: a, state: 'resolved', acknowledgedBy: 'u1' });
  });

  it('take over the handling of one that they swallow', async () => {
    const { findings } = opened.store;
    const { vehicleKey, commit } = await claimed();
    await commit(
      findingWrite(vehicleKey, finding('A', { id: 'a9' })),
      findingWrite(vehicleKey, finding('A', { id: 'b9' })),
    );
    await acknowledged('a9', 'u1', T + 1, null);
    await commit(findingWrite(vehicleKey, finding('A', { id: 'b9' }), { replaces: 'a9' }));
    expect(await findings.get('b9')).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'u1' });
    expect(await findings.list({ limit: 10 })).toHaveLength(1);
  });

  it('are retracted, stay on record, and may come back', async () => {
    const { findings, ingest } = opened.store;
    const { vehicleKey, commit, retract } = await claimed();
    await commit(findingWrite(vehicleKey, finding('A', { id: 'f' })));
    await retract('f');
    expect(await findings.get('f')).toMatchObject({ retracted: true });
    expect(await ingest.findingsBetween(vehicleKey, T, T)).toEqual([]);
    await commit(findingWrite(vehicleKey, finding('A', { id: 'f' })));
    expect(await findings.get('f')).toMatchObject({ retracted: false });
    const history = await opened.database.rows<{ what: string }>(
      "select what from finding_history where id = 'f' order by seq desc limit 3",
    );
    expect(history.map((row) => row.what)).toEqual(['reinstated', 'retracted', 'opened']);
  });

  it('cannot have their history rewritten', async () => {
    await expect(opened.database.run('delete from finding_history')).rejects.toThrow(/append-only/);
    await expect(opened.database.run("update finding_history set what = ''")).rejects.toThrow(/append-only/);
  });

  it('are listed newest first, page by page, by every filter', async () => {
    const { findings } = opened.store;
    const a = await claimed('A');
    const b = await claimed('B');
    await a.commit(
      ...[0, 1, 2].map((i) =>
        findingWrite(
          a.vehicleKey,
          finding('A', { id: `a${i}`, start: T + i, end: i === 2 ? null : T + i + 5 }),
        ),
      ),
    );
    await b.commit(
      findingWrite(b.vehicleKey, finding('B', { id: 'b1', rule: 'sos', start: T + 1, end: T + 100 })),
    );
    const ids = async (query: object) =>
      (await findings.list({ limit: 10, ...query })).map((found) => found.finding.id);
    expect(await ids({})).toEqual(['a2', 'a1', 'b1', 'a0']);
    expect(await ids({ limit: 2 })).toEqual(['a2', 'a1']);
    expect(await ids({ before: { start: T + 1, id: 'a1' } })).toEqual(['b1', 'a0']);
    expect(await ids({ vehicles: ['A'] })).toEqual(['a2', 'a1', 'a0']);
    expect(await ids({ vehicles: [] })).toEqual([]);
    expect(await ids({ rules: ['sos'] })).toEqual(['b1']);
    expect(await ids({ open: true })).toEqual(['a2']);
    expect(await ids({ open: false })).toEqual(['a1', 'b1', 'a0']);
    expect(await ids({ from: T + 50 })).toEqual(['a2', 'b1']);
    expect(await ids({ to: T })).toEqual(['a0']);
    await acknowledged('b1', 'u', T, null);
    expect(await ids({ state: 'acknowledged' })).toEqual(['b1']);
  });

  it('are found by place', async () => {
    const { vehicleKey, commit } = await claimed();
    await commit(
      findingWrite(vehicleKey, finding('A', { id: 'here' })),
      findingWrite(vehicleKey, finding('A', { id: 'away', lat: 30, lon: 120 })),
      findingWrite(vehicleKey, finding('A', { id: 'nowhere', lat: null, lon: null })),
    );
    const near = `select id from finding
      where st_dwithin(geom::geography, st_setsrid(st_makepoint(119.9741, 31.7728), 4326)::geography, 500)`;
    expect(await opened.database.rows(near)).toEqual([{ id: 'here' }]);
  });

  it('of silence are passed over where the terminal has spoken meanwhile', async () => {
    const { ingest, findings } = opened.store;
    const a = await ingest.claim('A');
    const b = await ingest.claim('B');
    await ingest.commit(
      batch({
        vehicles: [
          vehicleWrite('A', a.vehicleKey, a.epoch, { contact: contactState('A', T) }),
          vehicleWrite('B', b.vehicleKey, b.epoch, { contact: contactState('B', T + 1) }),
        ],
      }),
    );
    expect((await ingest.silentSince(T + 1)).map((silent) => silent.vehicle)).toEqual(['A']);
    const silence = (vehicle: string, vehicleKey: number) => ({
      vehicleKey,
      seenLastReceivedAt: T,
      contact: { ...contactState(vehicle, T), offline: true } as never,
      findings: [
        findingWrite(vehicleKey, finding(vehicle, { id: `offline:${vehicle}`, rule: 'terminal_offline' })),
      ],
    });
    const committed = await ingest.commit(
      batch({ silences: [silence('A', a.vehicleKey), silence('B', b.vehicleKey)] }),
    );
    expect(committed.passedOver).toEqual(new Set([b.vehicleKey]));
    expect((await findings.list({ limit: 5 })).map((found) => found.finding.id)).toEqual(['offline:A']);
    expect((await ingest.claim('A')).snapshot.contact).toEqual({
      vehicle: 'A',
      lastReceivedAt: T,
      offline: true,
    });
    expect((await ingest.claim('B')).snapshot.contact).toEqual(contactState('B', T + 1));
  });
});
