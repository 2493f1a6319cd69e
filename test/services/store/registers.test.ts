import { expect, it } from 'vitest';
import { LoginTaken, type TerminalRow, type User } from '../../../services/store/store.ts';
import { describeStores } from './backends.ts';
import { T } from './values.ts';

const terminal: TerminalRow = {
  phone: '13912345678',
  tokenHash: null,
  plate: '苏D12345',
  plateColour: 2,
  manufacturer: '70111',
  model: 'BG-1',
  terminalId: '0000001',
  version: '2019',
  imei: null,
  approved: false,
  registeredAt: null,
  lastSeenAt: T,
};

const user: User = {
  id: 'u1',
  login: '王警官',
  displayName: '王 Wang',
  role: 'guardian',
  district: null,
  providerId: null,
  schoolId: null,
  riderIds: ['R1', 'R2'],
  personId: null,
  language: 'zh',
  disabled: false,
};

describeStores('registers', (opened) => {
  it('keep terminals by phone', async () => {
    const { terminals } = opened.store;
    expect(await terminals.get(terminal.phone)).toBeNull();
    await terminals.save(terminal);
    expect(await terminals.get(terminal.phone)).toEqual(terminal);
    const registered = {
      ...terminal,
      tokenHash: 'ab',
      approved: true,
      registeredAt: T + 1,
      imei: '35',
      plate: 'x\0y',
    };
    await terminals.save(registered);
    expect(await terminals.list()).toEqual([{ ...registered, plate: 'x\ufffdy' }]);
  });

  it('keep users, and each login once whatever its case', async () => {
    const { users } = opened.store;
    await users.create(user, 'hash1');
    await users.create(
      { ...user, id: 'u2', login: 'Wang', role: 'school', schoolId: 'S1', riderIds: [] },
      'hash2',
    );
    await expect(users.create({ ...user, id: 'u3', login: 'wANG' }, 'h')).rejects.toBeInstanceOf(LoginTaken);
    expect(await users.byLogin('WANG')).toMatchObject({ user: { id: 'u2' }, passwordHash: 'hash2' });
    expect(await users.byLogin('王警官')).toEqual({ user, passwordHash: 'hash1' });
    expect(await users.byLogin('nobody')).toBeNull();
    expect(await users.byId('u1')).toEqual(user);
    expect(await users.byId('u9')).toBeNull();
    await users.setPassword('u1', 'hash3');
    expect((await users.byLogin('王警官'))?.passwordHash).toBe('hash3');
    expect((await users.list()).map((one) => one.id).sort()).toEqual(['u1', 'u2']);
  });

  it('keep sessions until they run out or are ended, and never their ids', async () => {
    const { sessions } = opened.store;
    const data = { cookie: { expires: null }, userId: 'u1' };
    await sessions.set('secret-1', null, {}, T);
    await sessions.set('secret-1', 'u1', data, T + 10);
    await sessions.set('secret-2', 'u1', data, T + 20);
    await sessions.set('secret-3', 'u2', data, T + 30);
    expect(await sessions.get('secret-1')).toEqual({ data, expiresAt: T + 10 });
    const kept = await opened.database.rows("select encode(id_hash, 'escape') || data as text from session");
    expect(JSON.stringify(kept)).not.toContain('secret');
    expect(await sessions.prune(T + 10)).toBe(1);
    expect(await sessions.get('secret-1')).toBeNull();
    await sessions.destroyOfUser('u1');
    expect(await sessions.get('secret-2')).toBeNull();
    await sessions.destroy('secret-3');
    expect(await sessions.get('secret-3')).toBeNull();
  });

  it('keep an audit trail that cannot be changed', async () => {
    await opened.store.audit.append({
      at: T,
      userId: 'u1',
      action: 'rider.read',
      subject: 'R1',
      detail: { why: '家长来电\0' },
      remote: '127.0.0.1',
    });
    const kept = await opened.database.rows(
      'select at, user_id, action, subject, detail from audit_log order by seq desc',
    );
    expect(kept[0]).toEqual({
      at: T,
      user_id: 'u1',
      action: 'rider.read',
      subject: 'R1',
      detail: { why: '家长来电\ufffd' },
    });
    for (const change of [
      'delete from audit_log',
      "update audit_log set action = ''",
      'truncate audit_log',
    ]) {
      await expect(opened.database.run(change)).rejects.toThrow('audit_log is append-only');
    }
  });

  it('give a lease to one holder at a time and tell when the last one ran out', async () => {
    const { ingest } = opened.store;
    expect(await ingest.lease('silence', 'one', 60_000)).toEqual({ held: true, heldUntil: 0 });
    const refused = await ingest.lease('silence', 'two', 60_000);
    expect(refused.held).toBe(false);
    expect(await ingest.lease('silence', 'one', 1)).toEqual({ held: true, heldUntil: refused.heldUntil });
    await expect
      .poll(async () => (await ingest.lease('silence', 'two', 60_000)).held, { interval: 5 })
      .toBe(true);
    const all = await Promise.all(
      ['a', 'b', 'c', 'd'].map((holder) => ingest.lease('other', holder, 60_000)),
    );
    expect(all.filter((one) => one.held)).toHaveLength(1);
  });
});
