import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SignInLimits, signInLimit } from '../../../services/api/session/sign-in-limit.ts';
import { memoryAccounts } from '../../support/memory-accounts.ts';
import { at, PEOPLE } from './small-plan.ts';
import { type Fixture, PASSWORD, startFixture } from './web-fixture.ts';

let web: Fixture;
beforeEach(async () => {
  web = await startFixture();
});
afterEach(() => web.close());

const post = (
  login: string,
  password: string,
  more: { cookie?: string; headers?: Record<string, string> } = {},
) => web.ask('/api/v1/session', { method: 'POST', body: JSON.stringify({ login, password }), ...more });

describe('signing in', () => {
  it('says who one is and what one may, and sets a cookie that scripts cannot read', async () => {
    const answer = await post('school1', PASSWORD);
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie') ?? '';
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'busguard=']) expect(cookie).toContain(part);
    expect(cookie).not.toContain('Secure');
    expect(await answer.json()).toEqual({
      user: {
        id: PEOPLE.school1.id,
        login: 'school1',
        displayName: 'school',
        role: 'school',
        district: null,
        providerId: null,
        schoolId: 'S1',
        language: 'zh',
      },
      can: {
        acknowledge: true,
        resolve: false,
        command: false,
        configure: false,
        control: false,
        seeSpeed: true,
        explain: false,
        seeMedia: true,
        hold: false,
        review: false,
        evidence: false,
        amend: ['school-calendar', 'dispatch'],
        whatIf: false,
        accounts: false,
        audit: false,
      },
      mustChangePassword: false,
    });
  });

  it('over https sets it Secure and bound to the host', async () => {
    await web.close();
    web = await startFixture({ secureCookies: true });
    const answer = await post('admin', PASSWORD);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-busguard=.*; Secure/);
    expect(answer.headers.get('strict-transport-security')).toContain('max-age');
  });

  it('says the same of a wrong password, an unknown login and a disabled one', async () => {
    const known = web.users.get(PEOPLE.police1.id);
    if (known) web.users.set(known.user.id, { ...known, user: { ...known.user, disabled: true } });
    const bodies = [];
    for (const [login, password] of [
      ['admin', 'wrong'],
      ['nobody', PASSWORD],
      ['police1', PASSWORD],
    ] as const) {
      const answer = await post(login, password);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('set-cookie')).toBeNull();
      bodies.push(await answer.text());
    }
    expect(new Set(bodies).size).toBe(1);
  });

  it('gives a new token each time, ends the old session, and keeps no token in the store', async () => {
    const first = await web.signIn('admin');
    const answer = await post('admin', PASSWORD, { cookie: first });
    const second = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(second).not.toBe(first);
    expect((await web.ask('/api/v1/session', { cookie: first })).status).toBe(401);
    expect((await web.ask('/api/v1/session', { cookie: second })).status).toBe(200);
    for (const id of web.sessions.keys()) expect(second).not.toContain(id);
    // One planted before the sign-in is worth nothing either.
    const planted = `busguard=${'A'.repeat(54)}`;
    await post('admin', PASSWORD, { cookie: planted });
    expect((await web.ask('/api/v1/session', { cookie: planted })).status).toBe(401);
  });

  it('is written down, and so is its failure and the signing out', async () => {
    const cookie = await web.signIn('admin');
    await post('admin', 'wrong');
    await web.ask('/api/v1/session', { method: 'DELETE', cookie });
    expect(web.audit.map((entry) => entry.action)).toEqual(['sign-in', 'sign-in-failed', 'sign-out']);
    expect(JSON.stringify(web.audit)).not.toContain('wrong');
  });

  it('makes a guesser wait, longer each time, but nobody else', async () => {
    for (let i = 0; i < 5; i++) expect((await post('admin', `guess ${i}`)).status).toBe(401);
    const refused = await post('admin', PASSWORD);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBe(2);
    expect((await post('police1', PASSWORD)).status).toBe(200);
    web.clock.now += 2_000;
    expect((await post('admin', 'guess 6')).status).toBe(401);
    expect((await post('admin', PASSWORD)).headers.get('retry-after')).toBe('4');
    web.clock.now += 4_000;
    expect((await post('admin', PASSWORD)).status).toBe(200);
    expect((await post('admin', 'mistyped')).status).toBe(401);
    expect((await post('admin', PASSWORD)).status).toBe(200);
  });

  it('remembers failures whatever process hears of them', async () => {
    for (let i = 0; i < 5; i++) await post('admin', `guess ${i}`);
    const other = await startFixture({ store: web.store });
    try {
      const body = JSON.stringify({ login: 'admin', password: PASSWORD });
      expect((await other.ask('/api/v1/session', { method: 'POST', body })).status).toBe(429);
    } finally {
      await other.close();
    }
  });
});

describe('a session', () => {
  it('ends by disuse, and at last however much it is used', async () => {
    const cookie = await web.signIn('admin');
    const status = async () => (await web.ask('/api/v1/session', { cookie })).status;
    const hour = 3_600_000;
    for (let i = 0; i < 15; i++) {
      web.clock.now += 11 * hour;
      expect(await status()).toBe(200);
    }
    web.clock.now += 11 * hour;
    expect(await status()).toBe(401);
    const idle = await web.signIn('admin');
    web.clock.now += 12 * hour;
    expect((await web.ask('/api/v1/session', { cookie: idle })).status).toBe(401);
  });

  it('is worth nothing once its user is disabled or gone', async () => {
    const cookie = await web.signIn('police1');
    const known = web.users.get(PEOPLE.police1.id);
    if (known) web.users.set(known.user.id, { ...known, user: { ...known.user, disabled: true } });
    expect((await web.ask('/api/v1/vehicles', { cookie })).status).toBe(401);
    web.users.delete(PEOPLE.police1.id);
    expect((await web.ask('/api/v1/vehicles', { cookie })).status).toBe(401);
  });

  it('that is made up does not even reach the database', async () => {
    const cookie = await web.signIn('admin');
    web.setDown(true);
    const forged = `${cookie.slice(0, -2)}${cookie.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const wrong of [forged, `busguard=${'A'.repeat(54)}`, 'busguard=', 'busguard=x', 'other=1']) {
      expect((await web.ask('/api/v1/session', { cookie: wrong })).status, wrong).toBe(401);
    }
    expect((await web.ask('/api/v1/session', { cookie })).status).toBe(503);
  });

  it('of another secret opens nothing', async () => {
    const cookie = await web.signIn('admin');
    const other = await startFixture({ store: web.store, sessionSecret: 'another' });
    try {
      expect((await other.ask('/api/v1/session', { cookie })).status).toBe(401);
    } finally {
      await other.close();
    }
  });

  it('is answered with 503 while the database is away', async () => {
    const cookie = await web.signIn('admin');
    web.setDown(true);
    const answer = await web.ask('/api/v1/vehicles', { cookie });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ type: '/problems/unavailable', status: 503 });
  });
});

describe('requests that change something', () => {
  it('are refused from another site, whatever cookie comes with them', async () => {
    const cookie = await web.signIn('admin');
    const change = (headers: Record<string, string>) =>
      web.ask('/api/v1/session', { method: 'DELETE', cookie, headers });
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://other.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const answer = await change(headers as Record<string, string>);
      expect(answer.status, JSON.stringify(headers)).toBe(403);
      expect(await answer.json()).toMatchObject({ type: '/problems/cross-site' });
    }
    expect((await web.ask('/api/v1/session', { cookie })).status).toBe(200);
    expect((await change({ origin: web.base })).status).toBe(204);
  });

  it('cannot sign a visitor in from another site', async () => {
    const answer = await post('admin', PASSWORD, { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });
});

describe('the limit on failures', () => {
  const now = at('07:00');
  const limited = (limits: SignInLimits) => signInLimit(memoryAccounts(new Map()).signIns, limits);

  it('counts against where they come from, never against the login alone', async () => {
    const limit = limited({ freePerLogin: 2, firstWaitMs: 60_000 });
    for (let i = 0; i < 2; i++) await limit.failed('203.0.113.1', 'head', now);
    expect(await limit.waitS('203.0.113.1', 'Head', now)).toBe(60);
    expect(await limit.waitS('203.0.113.2', 'head', now)).toBe(0);
    expect(await limit.waitS('203.0.113.1', 'other', now)).toBe(0);
    expect(await limit.waitS('203.0.113.1', 'head', now + 60_000)).toBe(0);
  });

  it('doubles each wait up to the longest, and ends by itself', async () => {
    const limit = limited({
      freePerLogin: 1,
      firstWaitMs: 1_000,
      longestWaitMs: 10_000,
      forgetMs: 3_600_000,
    });
    const waits = [];
    for (let i = 0; i < 40; i++) {
      await limit.failed('203.0.113.1', 'head', now);
      waits.push(await limit.waitS('203.0.113.1', 'head', now));
    }
    expect(waits.slice(0, 6)).toEqual([1, 2, 4, 8, 10, 10]);
    expect(waits.at(-1)).toBe(10);
    expect(await limit.waitS('203.0.113.1', 'head', now + 10_000)).toBe(0);
    await limit.failed('203.0.113.1', 'head', now + 4_000_000);
    expect(await limit.waitS('203.0.113.1', 'head', now + 4_000_000)).toBe(1);
  });

  it('counts an IPv6 /64 as one', async () => {
    const limit = limited({ freePerLogin: 1, firstWaitMs: 60_000 });
    await limit.failed('2001:db8:0:1::5', 'head', now);
    expect(await limit.waitS('2001:db8:0:1:aaaa::9', 'head', now)).toBe(60);
    expect(await limit.waitS('2001:db8::1:0:0:0:5', 'head', now)).toBe(60);
    expect(await limit.waitS('2001:db8:0:2::5', 'head', now)).toBe(0);
  });

  it('slows an address that tries one login after the other', async () => {
    const limit = limited({ freePerAddress: 10, firstWaitMs: 60_000 });
    for (let i = 0; i < 10; i++) await limit.failed('203.0.113.1', `login${i}`, now);
    expect(await limit.waitS('203.0.113.1', 'never tried', now)).toBe(60);
  });
});
