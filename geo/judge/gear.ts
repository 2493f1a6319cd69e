import type { JsonValue } from '../finding.ts';
import { type Matcher, makeMatcher } from '../matching/matcher.ts';
import type { RuleOverride } from '../plan/amendments/amendments.ts';
import type { Plan } from '../plan/plan.ts';
import { ALWAYS, FIRST_OWN_BIT, LAST_OWN_BIT, NEWS } from '../rules/news.ts';
import {
  type BoundRule,
  type BoundSpotRule,
  type JudgeSettings,
  parametersName,
  rulesInForce,
} from '../rules/rules-in-force.ts';
import { type TerminalOffline, terminalOffline } from '../rules/terminal-offline.ts';
import { offlineInMode } from './offline-mode.ts';
import { tableName } from './setting-names.ts';

type AnyRule = BoundRule | BoundSpotRule;

/** What one vehicle is judged with in one situation: numbers, and the rules bound to them. */
export interface Gear {
  readonly settings: JudgeSettings;
  readonly matcher: Matcher;
  readonly rules: readonly AnyRule[];
  /** Of these, in their order, those that wait for any of this news. */
  awake(news: number): readonly AnyRule[];
  /** Bits of the rules that wake while they keep something. */
  keptBits(memory: { readonly [slot: string]: unknown }): number;
  /** Of these rules; an episode in another slot belongs to a rule that is not in force. */
  readonly slots: ReadonlySet<string>;
  readonly offline: TerminalOffline;
}

/** The gear where nothing is overridden. */
export function standardGear(plan: Plan, settings: JudgeSettings): Gear {
  return gearOf(rulesInForce(settings, plan), {
    settings,
    matcher: makeMatcher(plan, settings.matching),
    offline: offlineOf(plan, settings),
  });
}

/** The gear under some overrides, the narrowest last. */
export function overriddenGear(plan: Plan, standard: Gear, overrides: readonly RuleOverride[]): Gear {
  const live = withOverrides(standard.settings, overrides, ['live']);
  const tried = withOverrides(standard.settings, overrides, ['live', 'shadow']);
  const modes = new Map<string, RuleOverride>();
  for (const override of overrides) if (override.parameter === null) modes.set(override.rule, override);
  const rules: AnyRule[] = [];
  const bound = rulesInForce(live, plan);
  const boundTried = rulesInForce(tried, plan);
  bound.forEach((rule, i) => {
    const mode = modes.get(rule.name)?.mode ?? 'live';
    const trial = boundTried[i]!;
    if (mode === 'live') rules.push(explained(rule, standard.settings, live, overrides, false));
    const isTried = mode !== 'off' && JSON.stringify(trial.table) !== JSON.stringify(rule.table);
    if (mode === 'shadow' || isTried)
      rules.push(inShadow(explained(trial, standard.settings, tried, overrides, true)));
  });
  const offlineMode = modes.get('terminal_offline')?.mode ?? 'live';
  return gearOf(rules, {
    settings: live,
    matcher:
      live.matching === standard.settings.matching ? standard.matcher : makeMatcher(plan, live.matching),
    offline: offlineInMode(offlineOf(plan, live), offlineMode),
  });
}

/** A rule that is recorded and told to nobody: under a slot and ids of its own. */
export function inShadow<R extends AnyRule>(rule: R): R {
  return { ...rule, slot: `~${rule.slot}`, aspect: `${rule.aspect}~`, shadow: true };
}

/** Lists of rules kept, one for each news there was; beyond it they are made again. */
const MOST_LISTS = 1_024;

function gearOf(bound: readonly AnyRule[], rest: Pick<Gear, 'settings' | 'matcher' | 'offline'>): Gear {
  let next = FIRST_OWN_BIT;
  const keepers: { readonly slot: string; readonly bit: number }[] = [];
  const rules = bound.map((rule): AnyRule => {
    if ((rule.wakes & NEWS.kept) === 0) return rule;
    // No more bits: it is asked always.
    if (next > LAST_OWN_BIT) return { ...rule, wakes: ALWAYS };
    const bit = 1 << next++;
    keepers.push({ slot: rule.slot, bit });
    return { ...rule, wakes: (rule.wakes & ~NEWS.kept) | bit };
  });
  const lists = new Map<number, readonly AnyRule[]>();
  return {
    ...rest,
    rules,
    slots: new Set(rules.map((rule) => rule.slot)),
    awake(news) {
      let list = lists.get(news);
      if (list === undefined) {
        list = rules.filter((rule) => (rule.wakes & news) !== 0);
        if (lists.size >= MOST_LISTS) lists.clear();
        lists.set(news, list);
      }
      return list;
    },
    keptBits(memory) {
      let bits = 0;
      for (const { slot, bit } of keepers) if (memory[slot] !== undefined) bits |= bit;
      return bits;
    },
  };
}

const offlineOf = (plan: Plan, settings: JudgeSettings): TerminalOffline =>
  terminalOffline(plan, settings.terminalOffline, parametersName(settings.terminalOffline, settings));

/** The same tables, but for those that an override touches. */
function withOverrides(
  settings: JudgeSettings,
  overrides: readonly RuleOverride[],
  modes: readonly RuleOverride['mode'][],
): JudgeSettings {
  let result = settings;
  for (const { table, parameter, value, mode } of overrides) {
    if (table === null || parameter === null || !modes.includes(mode)) continue;
    result = { ...result, [table]: { ...result[table], [parameter]: value } };
  }
  return result;
}

/** With what its evidence says of the overrides in force: of its own table, and of those that all rules share. */
function explained<R extends AnyRule>(
  rule: R,
  standard: JudgeSettings,
  settings: JudgeSettings,
  overrides: readonly RuleOverride[],
  tried: boolean,
): R {
  const own = (Object.keys(settings) as (keyof JudgeSettings)[]).find(
    (key) => (settings[key] as object) === (rule.table as object),
  );
  const said: JsonValue[] = [];
  for (const [i, override] of overrides.entries()) {
    const { table, parameter, mode } = override;
    const isShared = table === 'machinery' || table === 'matching';
    if (table === null || parameter === null || (table !== own && !isShared)) continue;
    if (mode === 'off' || (mode === 'shadow' && !tried)) continue;
    // A wider one that a narrower one has replaced is not what holds.
    const later = overrides.slice(i + 1);
    if (later.some((o) => o.table === table && o.parameter === parameter && (o.mode === 'live' || tried)))
      continue;
    said.push(overrideSaid(override, standard));
  }
  return said.length === 0 ? rule : { ...rule, overrides: said };
}

function overrideSaid(override: RuleOverride, standard: JudgeSettings): JsonValue {
  const { id, table, parameter, value, scope, scopeId, note, version } = override;
  const tableOf = standard[table!] as unknown as { readonly [parameter: string]: JsonValue };
  return {
    setting: id,
    parameter: `${tableName(table!)}.${parameter}`,
    value,
    standard: tableOf[parameter!] ?? null,
    scope: scopeId === '' ? scope : `${scope} ${scopeId}`,
    ...(note === '' ? {} : { note }),
    ...(version === '' ? {} : { version }),
  };
}
