import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { passwordFault } from '../../../services/api/session/password-policy.ts';
import { at, PEOPLE } from './small-plan.ts';
import { type Fixture, PASSWORD, publishPosition, report, startFixture } from './web-fixture.ts';

let web: Fixture;
beforeEach(async () => {
  web = await startFixture();
});
afterEach(() => web.close());

const NEW = 'violet otter plays chess';

const ask = async (method: string, path: string, cookie: string | undefined, body?: object, headers = {}) => {
  const answer = await web.ask(`/api/v1/${path}`, {
    method,
    cookie,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers };
};
const signIn = (login: string, password: string, code?: string) =>
  ask('POST', 'session', undefined, { login, password, ...(code ? { code } : {}) });
const cookieOf = (answer: { headers: Headers }) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
const codeAt = (secret: string, time: number) => new TOTP({ secret }).generate({ timestamp: time });

describe('a password', () => {
  it.each([
    ['short one', 'too-short'],
    ['校车校车校车', 'too-short'],
    ['aaaaaaaaaaaaaaaa', 'too-plain'],
    ['abcdefghijklmnop', 'too-plain'],
    ['123456789012345', 'too-plain'],
    ['password123456', 'too-common'],
    ['!!Administrator2026', 'too-common'],
    ['schoolschoolschool1', 'too-common'],
    ['zhangsan2026', 'names-you'],
    ['x'.repeat(201), 'too-long'],
  ])('%s is %s', (password, fault) => {
    expect(passwordFault(password, 'zhangsan')).toBe(fault);
  });

  it.each([NEW, '护航每一辆校车平安到家吧', 'Tr0ub4dor&3-plus', 'zhangsan likes green tea'])(
    '%s is taken',
    (password) => {
      expect(passwordFault(password, 'zhangsan')).toBeNull();
    },
  );

  it('is changed by whoever knows the present one, which ends the other sessions', async () => {
    const other = await web.signIn('school1');
    const own = await web.signIn('school1');
    const change = (current: string, next: string) => ask('POST', 'account/password', own, { current, next });
    expect((await change('wrong', NEW)).body).toMatchObject({
      status: 409,
      type: '/problems/wrong-password',
    });
    expect((await change(PASSWORD, PASSWORD)).body).toMatchObject({ detail: 'unchanged' });
    expect((await change(PASSWORD, 'short')).body).toMatchObject({ detail: 'too-short' });
    expect((await change(PASSWORD, NEW)).status).toBe(204);
    expect((await ask('GET', 'session', own)).status).toBe(200);
    expect((await ask('GET', 'session', other)).status).toBe(401);
    expect((await signIn('school1', PASSWORD)).status).toBe(401);
    expect((await signIn('school1', NEW)).status).toBe(200);
    expect(web.audit.map(({ action }) => action)).toContain('password-changed');
    expect(JSON.stringify(web.audit)).not.toContain(NEW);
  });

  it('that somebody else set is changed before anything else, on every channel', async () => {
    const admin = await web.signIn('admin');
    const made = await ask('POST', 'users', admin, { login: 'lin', role: 'police', district: 'D1' });
    expect(made.status).toBe(201);
    const { password } = made.body;
    const cookie = cookieOf(await signIn('lin', password));
    expect((await ask('GET', 'session', cookie)).body).toMatchObject({ mustChangePassword: true });
    expect((await ask('GET', 'vehicles', cookie)).body).toMatchObject({
      status: 403,
      type: '/problems/password-change-required',
    });
    const socket = web.sockets(cookie);
    await expect(
      new Promise((resolve, reject) => {
        socket.on('connect', () => resolve('in'));
        socket.on('connect_error', reject);
      }),
    ).rejects.toThrow('sign-in-required');
    socket.disconnect();
    expect((await ask('POST', 'account/password', cookie, { current: password, next: NEW })).status).toBe(
      204,
    );
    expect((await ask('GET', 'vehicles', cookie)).body.items).toHaveLength(1);
  });
});

describe('a second factor', () => {
  async function added(): Promise<{ secret: string; codes: string[]; cookie: string }> {
    const cookie = await web.signIn('police1');
    const begun = await ask('POST', 'account/second-factor', cookie, { password: PASSWORD });
    expect(begun.body.uri).toMatch(/^otpauth:\/\/totp\/Busguard:police1\?/);
    const { secret } = begun.body;
    expect((await ask('POST', 'account/second-factor/confirm', cookie, { code: '000000' })).status).toBe(409);
    // Of no effect until it is confirmed.
    expect((await signIn('police1', PASSWORD)).status).toBe(200);
    const confirmed = await ask('POST', 'account/second-factor/confirm', cookie, {
      code: codeAt(secret, web.clock.now),
    });
    expect(confirmed.status).toBe(200);
    return { secret, codes: confirmed.body.recoveryCodes, cookie };
  }

  it('is asked for after the right password, and its codes are taken once', async () => {
    const { secret } = await added();
    expect((await signIn('police1', PASSWORD)).body.type).toBe('/problems/second-factor-required');
    expect((await signIn('police1', 'wrong')).body.type).toBe('/problems/wrong-login');
    expect((await signIn('police1', PASSWORD, '123456')).body.type).toBe('/problems/wrong-code');
    web.clock.now += 60_000;
    const code = codeAt(secret, web.clock.now);
    expect((await signIn('police1', PASSWORD, code)).status).toBe(200);
    expect((await signIn('police1', PASSWORD, code)).body.type).toBe('/problems/wrong-code');
    web.clock.now += 30_000;
    // A phone's clock may be half a minute off.
    expect((await signIn('police1', PASSWORD, codeAt(secret, web.clock.now + 30_000))).status).toBe(200);
    expect((await signIn('police1', PASSWORD, codeAt(secret, web.clock.now - 120_000))).status).toBe(401);
  });

  it('that is lost is made up for by a recovery code, once', async () => {
    const { codes } = await added();
    expect(new Set(codes).size).toBe(10);
    const [code = ''] = codes;
    expect((await signIn('police1', PASSWORD, code.toUpperCase().replaceAll('-', ''))).status).toBe(200);
    expect((await signIn('police1', PASSWORD, code)).status).toBe(401);
    const cookie = cookieOf(await signIn('police1', PASSWORD, codes[1]));
    expect((await ask('GET', 'account', cookie)).body).toMatchObject({
      secondFactor: true,
      recoveryCodesLeft: 8,
    });
  });

  it('cannot be guessed: wrong codes cost waiting as wrong passwords do', async () => {
    await added();
    for (let i = 0; i < 5; i++) await signIn('police1', PASSWORD, `00000${i}`);
    expect((await signIn('police1', PASSWORD, '999999')).status).toBe(429);
  });

  it('is removed with the password alone, and by an administrator who is asked to', async () => {
    const { cookie } = await added();
    expect((await ask('POST', 'account/second-factor/remove', cookie, { password: 'wrong' })).status).toBe(
      409,
    );
    expect((await ask('POST', 'account/second-factor/remove', cookie, { password: PASSWORD })).status).toBe(
      204,
    );
    expect((await signIn('police1', PASSWORD)).status).toBe(200);
    await added();
    const admin = await web.signIn('admin');
    const reset = await ask('POST', `users/${PEOPLE.police1.id}/reset-password`, admin, {
      secondFactor: true,
    });
    expect((await signIn('police1', reset.body.password)).body).toMatchObject({ mustChangePassword: true });
  });
});

describe('sessions', () => {
  it('are listed with where they are, ended one by one, and all at once', async () => {
    const [a, b, c] = [await web.signIn('school1'), await web.signIn('school1'), await web.signIn('school1')];
    const foreign = await web.signIn('school2');
    const listed = (await ask('GET', 'account/sessions', a)).body.items as { id: string; current: boolean }[];
    expect(listed).toHaveLength(3);
    expect(listed.filter(({ current }) => current)).toHaveLength(1);
    for (const cookie of [a, b, c]) expect(JSON.stringify(listed)).not.toContain(cookie.split('=')[1]);
    const [other] = (await ask('GET', 'account/sessions', foreign)).body.items;
    expect((await ask('DELETE', `account/sessions/${other.id}`, a)).status).toBe(404);
    const last = listed.find(({ current }) => !current)?.id ?? '';
    expect((await ask('DELETE', `account/sessions/${last}`, a)).status).toBe(204);
    expect((await ask('GET', 'account/sessions', a)).body.items).toHaveLength(2);
    const socket = web.sockets(a);
    await new Promise((resolve) => socket.once('connect', () => resolve(null)));
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    expect((await ask('DELETE', 'account/sessions', a)).status).toBe(204);
    expect(await closed).toBe('io server disconnect');
    for (const cookie of [a, b, c]) expect((await ask('GET', 'session', cookie)).status).toBe(401);
    expect((await ask('GET', 'session', foreign)).status).toBe(200);
  });
});

describe('the accounts of others', () => {
  it('are found, changed and disabled, which ends their sessions', async () => {
    const admin = await web.signIn('admin');
    const page = await ask('GET', 'users?search=school&limit=2', admin);
    expect(page.body.items.map(({ login }: { login: string }) => login)).toEqual(['school1', 'school2']);
    expect((await ask('GET', `users?search=school&after=${page.body.next}`, admin)).body.items).toHaveLength(
      1,
    );
    const cookie = await web.signIn('school1');
    const id = PEOPLE.school1.id;
    expect((await ask('PATCH', `users/${id}`, admin, { displayName: '王老师' })).body.displayName).toBe(
      '王老师',
    );
    expect((await ask('GET', 'session', cookie)).body.user.displayName).toBe('王老师');
    expect((await ask('PATCH', `users/${id}`, admin, { schoolId: 'S9' })).status).toBe(400);
    expect((await ask('PATCH', `users/${id}`, admin, { district: 'D1' })).status).toBe(400);
    expect((await ask('PATCH', `users/${id}`, admin, { disabled: true })).status).toBe(200);
    expect((await ask('GET', 'session', cookie)).status).toBe(401);
    expect((await signIn('school1', PASSWORD)).status).toBe(401);
    const changes = web.audit.filter(({ action }) => action === 'user-changed');
    expect(changes.at(-1)).toMatchObject({ subject: id, detail: { to: { disabled: true } } });
  });

  it('are never those of the administrator who would be the last', async () => {
    const admin = await web.signIn('admin');
    for (const change of [{ disabled: true }, { role: 'police' }])
      expect((await ask('PATCH', `users/${PEOPLE.admin.id}`, admin, change)).status).toBe(409);
  });

  it('are bound to what the plan has', async () => {
    const admin = await web.signIn('admin');
    const make = async (body: object) => (await ask('POST', 'users', admin, body)).status;
    expect(await make({ login: 'a1', role: 'provider' })).toBe(400);
    expect(await make({ login: 'a2', role: 'provider', providerId: 'Z' })).toBe(400);
    expect(await make({ login: 'a3', role: 'provider', providerId: 'A' })).toBe(201);
    expect(await make({ login: 'a3', role: 'admin' })).toBe(409);
    expect(await make({ login: 'a4', role: 'guardian', riderIds: ['K1'] })).toBe(201);
    expect(await make({ login: 'a5', role: 'escort', personId: 'DR1' })).toBe(400);
    expect(await make({ login: 'a6', role: 'admin', id: 'x' })).toBe(400);
    expect((await ask('GET', 'tenants', admin)).body).toMatchObject({
      districts: ['D1', 'D2'],
      providers: [{ id: 'A', name: '校车公司' }, { id: 'B' }],
    });
  });
});

describe('the audit log', () => {
  it('is searched by person, action and subject, page by page, and says who read it', async () => {
    const admin = await web.signIn('admin');
    await signIn('school1', 'wrong');
    await web.signIn('school1');
    const found = await ask('GET', 'audit?user=school1&limit=1', admin);
    expect(found.body.items).toMatchObject([{ user: 'school1', action: 'sign-in' }]);
    const more = await ask('GET', `audit?user=school1&limit=1&before=${found.body.next}`, admin);
    expect(more.body.items).toMatchObject([{ action: 'sign-in-failed' }]);
    expect((await ask('GET', 'audit?action=audit-read', admin)).body.items).toHaveLength(2);
    expect((await ask('GET', 'audit?user=nobody-of-that-name', admin)).body.items).toEqual([]);
  });
});

describe('a key of another system', () => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const made = async (body: object) => {
    const admin = await web.signIn('admin');
    const answer = await ask('POST', 'api-keys', admin, { name: '区平台', days: 30, ...body });
    expect(answer.status).toBe(201);
    return { admin, ...(answer.body as { item: { id: string }; key: string }) };
  };

  it('asks as its role within its tenant, until it is revoked', async () => {
    const { admin, item, key } = await made({ role: 'transport', district: 'D2' });
    const vehicles = await ask('GET', 'vehicles', undefined, undefined, bearer(key));
    expect(vehicles.body.items.map(({ id }: { id: string }) => id)).toEqual(['V2']);
    expect((await ask('GET', 'riders', undefined, undefined, bearer(key))).status).toBe(403);
    const listed = (await ask('GET', 'api-keys', admin)).body.items;
    expect(listed).toMatchObject([{ id: item.id, lastUsedFrom: '127.0.0.1' }]);
    expect(JSON.stringify(listed)).not.toContain(key);
    expect((await ask('DELETE', `api-keys/${item.id}`, admin)).status).toBe(204);
    expect((await ask('GET', 'vehicles', undefined, undefined, bearer(key))).status).toBe(401);
  });

  it('hears the live events of its tenant and no others, until it is revoked', async () => {
    const { admin, item, key } = await made({ role: 'provider', providerId: 'A' });
    const socket = new WebSocket(`${web.base.replace('http', 'ws')}/api/v1/stream`, { headers: bearer(key) });
    const said: string[] = [];
    const heard = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        said.push(String(data));
        if (String(data).includes('"V1"')) resolve();
      }),
    );
    await new Promise((resolve) => socket.once('message', resolve));
    publishPosition(web.bus, report('V2', at('07:04')));
    publishPosition(web.bus, report('V1', at('07:04')));
    await heard;
    expect(said.join()).not.toContain('"V2"');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await ask('DELETE', `api-keys/${item.id}`, admin);
    expect(await closed).toBe(4401);
  });

  it('ends by itself, opens no account, and is not made up for by a cookie', async () => {
    const { admin, key } = await made({ role: 'admin' });
    const as = (method: string, path: string, body?: object) =>
      ask(method, path, undefined, body, bearer(key));
    expect((await as('GET', 'vehicles')).status).toBe(200);
    for (const path of ['account', 'account/sessions', 'users', 'api-keys', 'audit'])
      expect((await as('GET', path)).status, path).toBe(403);
    expect((await as('POST', 'api-keys', { name: 'x', role: 'admin', days: 1 })).status).toBe(403);
    expect((await ask('GET', 'vehicles', admin, undefined, bearer(`${key.slice(0, -2)}xx`))).status).toBe(
      401,
    );
    web.clock.now += 30 * 86_400_000;
    expect((await as('GET', 'vehicles')).status).toBe(401);
  });
});
