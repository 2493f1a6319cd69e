import type { JsonValue } from '../../finding.ts';
import { RULE_NAMES, type RuleName } from '../../finding.ts';
import { parameterFault, parameterKey, settingsTable, tableNames } from '../../judge/setting-names.ts';
import { VEHICLES } from '../read-registers.ts';
import { type Row, readTable, type Table } from '../table.ts';
import { type RuleOverride, SCOPES, type Scope } from './amendments.ts';
import { type AmendmentContext, type AmendmentReading, districtsOf } from './context.ts';
import { readSpan } from './instants.ts';
import { rowIds } from './row-id.ts';

export const RULE_SETTINGS = {
  file: 'rule_settings.csv',
  required: ['scope', 'rule'],
  optional: ['id', 'scope_id', 'parameter', 'value', 'valid_from', 'valid_to', 'mode', 'note', 'version'],
} as const satisfies Table<string>;

export const RULE_SETTINGS_ID = [
  ...RULE_SETTINGS.required,
  'scope_id',
  'parameter',
  'value',
  'valid_from',
  'valid_to',
  'mode',
] as const;

type SettingRow = Row<(typeof RULE_SETTINGS.required)[number] | (typeof RULE_SETTINGS.optional)[number]>;

const MODES = ['live', 'shadow', 'off'] as const;
/** What has one state for all of a vehicle cannot go two ways at once. */
const NEVER_IN_SHADOW = new Set(['machinery', 'matching', 'terminal_offline']);

export function readRuleOverrides({ source, context }: AmendmentReading): RuleOverride[] {
  const overrides: RuleOverride[] = [];
  const idOf = rowIds(RULE_SETTINGS_ID);
  const known = idsOfScopes(context);
  readTable(source, RULE_SETTINGS, (row) => {
    const scope = row.oneOf('scope', SCOPES, null);
    const scopeId = row.text('scope_id');
    if (scope === 'platform') {
      if (scopeId !== '') row.fail('scope_id', 'the platform takes none');
    } else row.reference('scope_id', known[scope] ?? ANY, WHERE[scope]);
    const mode = row.oneOf('mode', MODES, 'live');
    const rule = row.needed('rule');
    const found = rule === '' ? NOTHING : numberOf(row, rule, mode);
    overrides.push({
      id: idOf(row),
      note: row.text('note'),
      version: row.text('version'),
      scope,
      scopeId,
      rule,
      mode,
      ...found,
      ...readSpan(row, 'valid_from', 'valid_to', context.clock),
    });
  });
  return overrides;
}

const NOTHING = { table: null, parameter: null, value: null } as const;

/** The number that the row sets; none where it is about a rule as a whole. Says what is wrong with it. */
function numberOf(
  row: SettingRow,
  rule: string,
  mode: RuleOverride['mode'],
): Pick<RuleOverride, 'table' | 'parameter' | 'value'> {
  const parameter = row.text('parameter');
  const table = settingsTable(rule);
  if (table === null && !RULE_NAMES.includes(rule as RuleName)) {
    row.fail('rule', `"${rule.slice(0, 40)}" is no rule; there are ${tableNames().join(', ')}`);
    return NOTHING;
  }
  if (parameter === '') {
    if (row.text('value') !== '') row.fail('value', 'is filled in, and parameter is not');
    if (!RULE_NAMES.includes(rule as RuleName))
      row.fail('parameter', `is blank; ${rule} is a table of numbers`);
    else if (mode === 'live' && row.text('mode') === '') row.fail('parameter', 'is blank, and so is mode');
    return NOTHING;
  }
  if (table === null) {
    row.fail('parameter', `${rule} has no numbers here; there are ${tableNames().join(', ')}`);
    return NOTHING;
  }
  if (mode === 'shadow' && NEVER_IN_SHADOW.has(rule))
    row.fail('mode', `numbers of ${rule} cannot be tried in shadow; replay them instead`);
  const read = parameterFault(table, parameter, row.needed('value'));
  if ('fault' in read) {
    if (row.text('value') !== '' || read.column === 'parameter') row.fail(read.column, read.fault);
    return NOTHING;
  }
  return { table, parameter: parameterKey(table, parameter), value: read.value as JsonValue };
}

const ANY = { has: () => true };

const WHERE: { readonly [scope in Scope]: string } = {
  platform: '',
  district: 'vehicles.csv or schools.csv',
  operator: 'vehicles.csv',
  school: 'schools.csv',
  route: 'routes.txt',
  section: 'fences.geojson',
  vehicle: VEHICLES.file,
};

function idsOfScopes(context: AmendmentContext): {
  readonly [scope in Scope]?: { has(id: string): boolean };
} {
  const { vehicles, schools, routes, fences } = context;
  const operators = vehicles && new Set([...vehicles.values()].map((vehicle) => vehicle.operatorId ?? ''));
  return {
    district: districtsOf(context) ?? ANY,
    operator: operators ?? ANY,
    school: schools ?? ANY,
    route: routes,
    section: new Set(fences.map((fence) => fence.id)),
    vehicle: vehicles ?? ANY,
  };
}
