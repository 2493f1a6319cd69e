import { expect, it } from 'vitest';
import type { Session } from '../../../services/store/database.ts';
import type { Tenant, Tenants } from '../../../services/store/tenancy/tenant.ts';
import { asViewer } from '../../../services/store/tenancy/viewer-scope.ts';
import { WALLS } from '../../../services/store/tenancy/walls.ts';
import { describeStores } from './backends.ts';
import { batch, finding, findingWrite, position, report, T, vehicleWrite } from './values.ts';

/** Vehicle A is of district 武进区, carrier OP1 and school S1; B of another everything. */
const PLAN = new Map<string, Set<Tenant>>([
  ['A', new Set<Tenant>(['district:武进区', 'provider:OP1', 'school:S1', 'trip:T1', 'escort:E1'])],
  ['B', new Set<Tenant>(['district:新北区', 'provider:OP2', 'school:S2', 'trip:T2', 'escort:E2'])],
  ['phone:1', new Set<Tenant>(['district:武进区', 'provider:OP1'])],
  ['phone:2', new Set<Tenant>(['district:新北区', 'provider:OP2'])],
  ['trip:T1', new Set<Tenant>(['trip:T1', 'school:S1', 'district:武进区'])],
  ['trip:T2', new Set<Tenant>(['trip:T2', 'school:S2', 'district:新北区'])],
  ['school:S1', new Set<Tenant>(['school:S1', 'district:武进区'])],
  ['school:S2', new Set<Tenant>(['school:S2', 'district:新北区'])],
]);

/** Of every table with rows of tenants: what tells the two apart. */
const OWNER_OF: { readonly [table: string]: string } = {
  vehicle_state: 'vehicle',
  positions: '(select vehicle from vehicle_state v where v.vehicle_key = positions.vehicle_key)',
  finding: 'vehicle',
  finding_history: "finding ->> 'vehicle'",
  terminal: "case phone when '1' then 'A' else 'B' end",
  terminal_command: 'vehicle',
  media: 'vehicle',
};

describeStores('the wall between tenants', (opened) => {
  let round = 0;

  const fill = async (): Promise<void> => {
    const { store, database } = opened;
    round++;
    await database.run('update tenancy_state set plan_version = null', []);
    await store.plans.save('v1', new Map(), 'first');
    expect(await store.tenants.put('v1', PLAN)).toBe(true);
    for (const [vehicle, phone, district, school] of [
      ['A', '1', '武进区', 'S1'],
      ['B', '2', '新北区', 'S2'],
    ] as const) {
      const { vehicleKey, epoch } = await store.ingest.claim(vehicle);
      await store.ingest.commit(
        batch({
          vehicles: [vehicleWrite(vehicle, vehicleKey, epoch)],
          positions: [position(vehicleKey, report(vehicle))],
          findings: [
            findingWrite(vehicleKey, finding(vehicle, { id: `f-${vehicle}-${round}` }), {
              district,
              schoolIds: [school],
            }),
          ],
        }),
      );
      await store.terminals.save({ ...TERMINAL, phone });
      await database.run(INSERT_COMMAND, [`c-${vehicle}`, phone, vehicle]);
      await database.run(INSERT_MEDIA, [`m-${vehicle}`, vehicle, phone]);
    }
  };

  const seen = async (tenants: Tenants, table: string): Promise<string[]> => {
    const sql = `select distinct ${OWNER_OF[table]} as owner from ${table} order by 1`;
    const rows = await asViewer(tenants, () => opened.database.asViewer().rows<{ owner: string }>(sql, []));
    return rows.map(({ owner }) => owner);
  };

  it('shows a query that checks nothing the rows of its own tenant and no others', async () => {
    await fill();
    const viewers: [Tenants, string[]][] = [
      ['all', ['A', 'B']],
      [['district:武进区'], ['A']],
      [['district:新北区'], ['B']],
      [['provider:OP1'], ['A']],
      [['escort:E2'], ['B']],
      [
        ['district:武进区', 'district:新北区'],
        ['A', 'B'],
      ],
      [['district:天宁区'], []],
      [[], []],
      // Names are data, whatever they look like.
      [['district:"},*,{"' as Tenant], []],
      [["district:'; reset role; --" as Tenant], []],
      [['district:\\"*' as Tenant], []],
    ];
    for (const table of Object.keys(OWNER_OF)) {
      for (const [tenants, expected] of viewers) {
        const bound = tenants !== 'all' && tenants.some((one) => one.startsWith('escort:'));
        // An escort has no terminals.
        if (bound && /^terminal/.test(table)) continue;
        expect(await seen(tenants, table), `${table} for ${tenants}`).toEqual(expected);
      }
    }
  });

  it('shows a school and a family what is bound to them', async () => {
    await fill();
    for (const tenants of [['school:S1'], ['trip:T1']] as Tenant[][]) {
      expect(await seen(tenants, 'positions')).toEqual(['A']);
      expect(await seen(tenants, 'media')).toEqual(['A']);
    }
    expect(await seen(['school:S1'], 'finding')).toEqual(['A']);
  });

  it('follows the plan in force', async () => {
    await fill();
    const { store } = opened;
    await store.plans.save('v2', new Map([['a.txt', 'x']]), 'second');
    expect(await store.tenants.put('v1', new Map())).toBe(false);
    const swapped = new Map(PLAN).set('A', PLAN.get('B') ?? new Set()).set('B', PLAN.get('A') ?? new Set());
    expect(await store.tenants.put('v2', swapped)).toBe(true);
    expect(await store.tenants.version()).toBe('v2');
    expect(await seen(['district:武进区'], 'positions')).toEqual(['B']);
    // What was found is of its own time.
    expect(await seen(['district:武进区'], 'finding')).toEqual(['A']);
  });

  it('lets nobody change what is not theirs', async () => {
    await fill();
    const change = (tenants: Tenants, sql: string) =>
      asViewer(tenants, () => opened.database.asViewer().run(sql, []));
    expect(await change(['district:武进区'], "update finding set note = 'x'")).toBe(1);
    expect(await change(['district:武进区'], 'update media set legal_hold = true')).toBe(1);
    expect(await change('all', "update finding set note = 'y'")).toBe(2);
    const foreign = INSERT_COMMAND.replace('$1', "'c9'").replace('$2', "'2'").replace('$3', "'B'");
    await expect(change(['district:武进区'], foreign)).rejects.toThrow(/row-level security/);
    await expect(change('all', 'delete from finding')).rejects.toThrow(/permission denied/);
    await expect(change('all', 'delete from positions')).rejects.toThrow(/permission denied/);
  });

  it('keeps what is the service’s own from every viewer', async () => {
    for (const [table, wall] of Object.entries(WALLS)) {
      if (wall !== 'closed' || table === 'spatial_ref_sys') continue;
      const there = await opened.database.rows<{ there: boolean }>(
        'select to_regclass($1) is not null as there',
        [table],
      );
      if (!there[0]?.there) continue;
      const look = asViewer('all', () => opened.database.asViewer().rows(`select * from ${table}`, []));
      await expect(look, table).rejects.toThrow(/permission denied/);
    }
    const partition = asViewer('all', () =>
      opened.database.asViewer().rows('select * from position_history', []),
    );
    await expect(partition).rejects.toThrow(/permission denied/);
  });

  it('refuses a query behind which nobody stands', async () => {
    await expect((async () => opened.store.forRequests.findings.list({ limit: 1 }))()).rejects.toThrow(
      /no viewer is known/,
    );
  });

  it('leaves the connection to the owner afterwards, whatever happened', async () => {
    const whoAmI = async (session: Session) =>
      (await session.rows<{ u: string }>('select current_user as u'))[0]?.u;
    const owner = await opened.database.session(whoAmI);
    await asViewer([], () => opened.database.asViewer().session(whoAmI)).then((user) =>
      expect(user).toBe('busguard_viewer'),
    );
    await asViewer([], () => opened.database.asViewer().run('select 1/0', [])).catch(() => undefined);
    for (let i = 0; i < 12; i++) expect(await opened.database.session(whoAmI)).toBe(owner);
  });

  it('stands in nobody’s way who writes what terminals send', async () => {
    const active = await opened.database.rows<{ active: boolean }>(
      "select row_security_active('positions') or row_security_active('finding') as active",
      [],
    );
    expect(active).toEqual([{ active: false }]);
    const plan = await opened.database.rows<Record<string, string>>(
      `explain (costs off) insert into positions select * from positions where false`,
      [],
    );
    expect(JSON.stringify(plan)).not.toContain('tenant_of');
  });

  it('has been decided on for every table', async () => {
    const tables = await opened.database.rows<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace
         and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' order by 1`,
      [],
    );
    expect(tables.map(({ name }) => name).filter((name) => !(name in WALLS))).toEqual([]);
  });

  it('lets everybody’s doings be written down, and nobody change or remove them', async () => {
    const entry = { at: T, userId: 'u1', action: 'look', subject: 'K1', detail: {}, remote: '127.0.0.1' };
    await asViewer([], () => opened.store.forRequests.audit.append(entry));
    for (const sql of ["update audit_log set action = 'x'", 'delete from audit_log', 'truncate audit_log']) {
      await expect(opened.database.run(sql, []), sql).rejects.toThrow(/append-only/);
      const viewer = asViewer('all', () => opened.database.asViewer().run(sql, []));
      await expect(viewer, sql).rejects.toThrow(/permission denied/);
    }
    const count = (tenants: Tenants) =>
      asViewer(tenants, () =>
        opened.database.asViewer().rows<{ n: number }>('select count(*) as n from audit_log', []),
      );
    expect((await count([]))[0]?.n).toBe(0);
    expect((await count('all'))[0]?.n).toBeGreaterThan(0);
  });
});

const TERMINAL = {
  tokenHash: null,
  plate: '',
  plateColour: 0,
  manufacturer: '',
  model: '',
  terminalId: '',
  version: '2013',
  imei: null,
  approved: true,
  registeredAt: null,
  lastSeenAt: null,
};

const INSERT_COMMAND = `
insert into terminal_command (id, phone, vehicle, type, request, state, user_name, queued_at, expires_at)
values ($1, $2, $3, 'locate', '{}', 'queued', 'x', now(), now())`;

const INSERT_MEDIA = `
insert into media (id, vehicle, phone, state, kind, message, channel, time, received_at)
values ($1, $2, $3, 'announced', 'photo', '0x0801', 1, now(), now())`;
