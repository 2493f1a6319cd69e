import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withoutRider } from '../../../services/store/erase-rider.ts';
import { makeNotifyPeopleStore } from '../../../services/store/notify-people.ts';
import { makeDataCipher } from '../../../services/store/personal-files.ts';
import { makePlanStore } from '../../../services/store/plan-store.ts';
import { makePrivacyStore } from '../../../services/store/privacy-store.ts';
import { reseal } from '../../../services/store/reseal.ts';
import { SMALL_PLAN } from '../api/small-plan.ts';
import { describeStores } from '../store/backends.ts';

const key = (n: number) => new Uint8Array(32).fill(n);

describe('a key that replaces another', () => {
  it('seals; the older ones still open, and a stranger opens nothing', () => {
    const old = makeDataCipher(key(1));
    const sealed = old.seal(Buffer.from('小明'), 'a');
    const now = makeDataCipher(key(2), [key(1)]);
    expect(now.open(sealed, 'a', old.keyId).toString()).toBe('小明');
    expect(now.seal(Buffer.from('x'), 'a')).not.toEqual(old.seal(Buffer.from('x'), 'a'));
    expect(now.keyId).not.toBe(old.keyId);
    expect(() => makeDataCipher(key(2)).open(sealed, 'a', old.keyId)).toThrow(/DATA_KEY/);
    expect(() => now.open(sealed, 'b', old.keyId)).toThrow();
    expect(() => makeDataCipher(randomBytes(31))).toThrow(/32/);
  });
});

describe('riders.csv without a child', () => {
  it('keeps every other row as it was', () => {
    const text = 'rider_id,name\nK1,"a, b"\nK2,"say ""hi"""\nK1,c\n';
    expect(withoutRider(text, 'K1')).toBe('rider_id,name\nK2,"say ""hi"""\n');
    expect(withoutRider(text, 'K9')).toBeNull();
  });
});

describeStores('personal data at rest', (opened) => {
  const child = 'K1';
  const subscription = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } };
  // What the history of changes holds outlives a test, whichever key sealed it.
  const stores = (cipher = makeDataCipher(key(1), [key(2)])) => ({
    plans: makePlanStore(opened.database, cipher),
    people: makeNotifyPeopleStore(opened.database, cipher),
    privacy: makePrivacyStore(opened.database, cipher),
  });
  const guardian = (id: string, riders: readonly string[]) =>
    opened.database.run(
      `insert into account (id, login, display_name, role, rider_ids, language, disabled, password_hash)
       values ($1, $1, '王女士', 'guardian', $2, 'zh', false, '')`,
      [id, [...riders]],
    );

  it('is sealed anew in steps that may be interrupted; then the old key is needed no more', async () => {
    await opened.database.run('truncate notify_address, push_subscription');
    const { plans, people } = stores();
    await plans.save('v1', SMALL_PLAN, '');
    await plans.save('v2', SMALL_PLAN, '', {
      diff: [{ file: 'riders.csv', removed: [], added: [{ name: '小明' }] }],
    });
    await people.saveAddress('u1', 'sms', '13800000001');
    await people.saveSubscription('u1', 's1', subscription, 5);
    const both = makeDataCipher(key(2), [key(1)]);
    for await (const step of reseal(opened.database, both)) if (step.rows > 0) break;
    const steps = [];
    for await (const step of reseal(opened.database, both)) steps.push(step.kind);
    expect(steps.length).toBeGreaterThan(3);
    for await (const step of reseal(opened.database, both)) expect(step).toBeUndefined();
    const after = stores(makeDataCipher(key(2)));
    expect((await after.plans.current())!.files.get('riders.csv')).toBe(SMALL_PLAN.get('riders.csv'));
    expect((await after.plans.changes(1))[0]!.diff[0]!.added).toEqual([{ name: '小明' }]);
    expect(await after.people.address('u1', 'sms')).toBe('13800000001');
    expect((await after.people.subscriptions('u1'))[0]!.subscription).toEqual(subscription);
  });

  it('is gone when a child is erased: of every version, of what changed, of its guardians; not of other children', async () => {
    const { plans, people, privacy } = stores();
    await plans.save('v1', SMALL_PLAN, '');
    await plans.save('v2', SMALL_PLAN, '', {
      diff: [
        {
          file: 'riders.csv',
          removed: [],
          added: [
            { rider_id: child, name: '小明' },
            { rider_id: 'K2', name: '小红' },
          ],
        },
      ],
    });
    await guardian('alone', [child]);
    await guardian('two', [child, 'K2']);
    await people.saveAddress('alone', 'sms', '13800000001');
    await people.saveAddress('two', 'sms', '13800000002');
    const erased = await privacy.eraseRider(child);
    expect(erased).toMatchObject({ planVersions: 2, planChanges: 1, guardians: 2 });
    const text = (await plans.current())!.files.get('riders.csv')!;
    expect(text).not.toContain('小明');
    expect(text).toContain('小红');
    expect((await plans.changes(1))[0]!.diff[0]!.added).toEqual([{ rider_id: 'K2', name: '小红' }]);
    expect(await people.address('alone', 'sms')).toBeNull();
    expect(await people.address('two', 'sms')).toBe('13800000002');
    const accounts = await opened.database.rows(
      'select id, rider_ids, disabled, display_name from account order by id',
    );
    expect(accounts).toEqual([
      { id: 'alone', rider_ids: [], disabled: true, display_name: '' },
      { id: 'two', rider_ids: ['K2'], disabled: false, display_name: '王女士' },
    ]);
    // Again changes nothing.
    expect(await privacy.eraseRider(child)).toMatchObject({ planVersions: 0, guardians: 0 });
  });

  it('keeps every step of consent, and the last one holds', async () => {
    const { privacy } = stores();
    const record = {
      userId: 'consenting',
      purpose: 'trip_notices',
      version: '1',
      riders: [child],
      textSha256: '',
      remote: '',
    };
    await privacy.recordConsent({ ...record, at: 1_000, granted: true });
    await privacy.recordConsent({ ...record, at: 2_000, granted: false });
    expect(await privacy.consents('consenting')).toMatchObject([
      { purpose: 'trip_notices', granted: false, at: 2_000 },
    ]);
    await expect(opened.database.run('delete from consent_record')).rejects.toThrow(/append-only/);
  });

  it('shows a guardian who looked at the child', async () => {
    const { privacy } = stores();
    const look = { userId: null, subject: 's', remote: '' };
    await opened.store.audit.append({
      ...look,
      at: 1_000,
      action: 'riders-read',
      detail: { riders: ['LOOKED', 'K2'] },
    });
    await opened.store.audit.append({
      ...look,
      at: 2_000,
      action: 'riders-read',
      detail: { riders: ['K2'] },
    });
    expect(await privacy.looks('LOOKED', 10)).toMatchObject([
      { at: 1_000, action: 'riders-read', role: null },
    ]);
  });
});
