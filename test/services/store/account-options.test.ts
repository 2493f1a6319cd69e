import { describe, expect, it } from 'vitest';
import { accountOf } from '../../../services/cli/account-options.ts';
import { checkAgainstPlan } from '../../../services/cli/account-plan-check.ts';
import type { PlanStore } from '../../../services/store/store.ts';

describe('the options of create-user', () => {
  it('make a user', () => {
    expect(accountOf('u1', { login: '李家长', role: 'guardian', riders: 'R1, R2', language: 'en' })).toEqual({
      id: 'u1',
      login: '李家长',
      displayName: '李家长',
      role: 'guardian',
      district: null,
      providerId: null,
      schoolId: null,
      riderIds: ['R1', 'R2'],
      personId: null,
      language: 'en',
      disabled: false,
    });
  });

  it.each([
    [{ role: 'admin' }, '--login is missing'],
    [{ login: 'a b', role: 'admin' }, '--login holds "a b"; it takes 2 to 64 characters without spaces'],
    [{ login: 'ab' }, '--role is missing'],
    [{ login: 'ab', role: 'boss' }, '--role holds "boss"; it takes admin, police'],
    [{ login: 'ab', role: 'school' }, 'a login of role school needs --school'],
    [{ login: 'ab', role: 'guardian' }, 'a login of role guardian needs --riders'],
    [{ login: 'ab', role: 'escort' }, 'a login of role escort needs --person'],
    [
      { login: 'ab', role: 'admin', district: '武进区' },
      '--district is for police, transport, education, not admin',
    ],
    [{ login: 'ab', role: 'admin', language: 'fr' }, '--language holds "fr"; it takes zh or en'],
  ])('%j are refused with one line', (options, reason) => {
    expect(() => accountOf('u1', options)).toThrow(reason);
  });

  it('are held against the current plan', async () => {
    const files = new Map([
      ['schools.csv', 'school_id,name,district\nS1,小学,武进区\n'],
      ['riders.csv', 'rider_id,name\nR1,张三\n'],
      ['people.csv', 'person_id,role\nD1,driver\nE1,escort\n'],
    ]);
    const plans = { current: async () => ({ version: 'v1', files }) } as unknown as PlanStore;
    const check = (options: object) => checkAgainstPlan(accountOf('u', { login: 'ab', ...options }), plans);
    await check({ role: 'police', district: '武进区' });
    await check({ role: 'school', school: 'S1' });
    await check({ role: 'guardian', riders: 'R1' });
    await check({ role: 'escort', person: 'E1' });
    await expect(check({ role: 'police', district: '天宁区' })).rejects.toThrow(
      'no district "天宁区"; it has 武进区',
    );
    await expect(check({ role: 'escort', person: 'D1' })).rejects.toThrow('no escort "D1"; it has E1');
    await expect(check({ role: 'guardian', riders: 'R1,R9' })).rejects.toThrow(
      /^the plan has no rider "R9"$/,
    );
    const none = { current: async () => null } as unknown as PlanStore;
    await expect(
      checkAgainstPlan(accountOf('u', { login: 'ab', role: 'school', school: 'S1' }), none),
    ).rejects.toThrow('import one first');
  });
});
