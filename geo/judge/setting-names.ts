import { parseDecimal, parseList } from '../plan/cells.ts';
import { DEFAULT_SETTINGS, type JudgeSettings } from '../rules/rules-in-force.ts';

type TableKey = keyof JudgeSettings;

/** How a table of numbers is called in files: `routeDeviation` is `route_deviation`. */
const snakeOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camelOf = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const KEYS = Object.keys(DEFAULT_SETTINGS) as TableKey[];
const BY_NAME: ReadonlyMap<string, TableKey> = new Map(KEYS.map((key) => [snakeOf(key), key]));

/** The table that a file calls by this name; null where there is none. */
export const settingsTable = (name: string): TableKey | null => BY_NAME.get(name) ?? null;
export const tableNames = (): string[] => [...BY_NAME.keys()];
export const tableName = (key: TableKey): string => snakeOf(key);

/** Every number of every table with its default, as files call them. */
export function settingNames(): { rule: string; parameter: string; value: unknown }[] {
  return KEYS.flatMap((key) =>
    Object.entries(tableOf(key)).map(([parameter, value]) => ({
      rule: snakeOf(key),
      parameter: snakeOf(parameter),
      value,
    })),
  );
}

/** The key in a table of settings of a parameter that may be written either way; null where there is none. */
export function parameterKey(table: TableKey, name: string): string | null {
  const key = camelOf(name);
  return Object.hasOwn(tableOf(table), key) ? key : null;
}

type Read = { readonly value: unknown } | { readonly fault: string; readonly column: 'parameter' | 'value' };

/** The value that a cell holds for a parameter, or what is wrong with it. */
export function parameterFault(table: TableKey, parameter: string, text: string): Read {
  const key = parameterKey(table, parameter);
  if (key === null) {
    const names = Object.keys(tableOf(table)).map(snakeOf).join(', ');
    return {
      fault: `${snakeOf(table)} has no "${parameter.slice(0, 40)}"; it has ${names}`,
      column: 'parameter',
    };
  }
  const standard = tableOf(table)[key];
  if (typeof standard === 'number') return readNumber(key, standard, text);
  if (typeof standard === 'boolean') {
    if (/^(true|1|false|0)$/.test(text)) return { value: text === 'true' || text === '1' };
    return { fault: 'is neither true nor false', column: 'value' };
  }
  if (typeof standard === 'string') return { value: text };
  if (Array.isArray(standard) && standard.every((one) => typeof one === typeof standard[0])) {
    const parts = parseList(text);
    if (typeof standard[0] !== 'number') return { value: parts };
    const numbers = parts.map((part) => readNumber(key, standard[0] as number, part));
    const bad = numbers.find((one) => 'fault' in one);
    return bad ?? { value: numbers.map((one) => ('value' in one ? one.value : 0)) };
  }
  return { fault: 'cannot be set by a file', column: 'parameter' };
}

/** By the unit that ends a number's name: from, to, whole numbers only. What no unit says may be a hundred times its default. */
const RANGES: readonly (readonly [RegExp, number, number, boolean])[] = [
  [/Kmh$/, 0, 200, false],
  [/Share$/, 0, 10, false],
  [/Deg$/, 0, 180, false],
  [/Ms2?$/, 0, 1_000, false],
  [/(Fixes|Reports|Skip|Satellites|Intervals|Lines)$/i, 0, 1_000, true],
  [/Bits?$/, 0, 31, true],
  [/Days$/, 0, 400, true],
  [/Min(utes)?$/, 0, 10_080, false],
  [/S$/, 0, 31 * 86_400, false],
  [/Km$/, 0, 1_000, false],
  [/M$/, 0, 100_000, false],
];

function readNumber(key: string, standard: number, text: string): Read {
  const value = parseDecimal(text);
  const [, from, to, whole] = RANGES.find(([name]) => name.test(key)) ?? [
    null,
    Math.min(0, standard * 100),
    Math.max(Math.abs(standard) * 100, 100),
    false,
  ];
  const sound = value !== null && value >= from && value <= to && (!whole || Number.isInteger(value));
  if (sound) return { value };
  return {
    fault: `"${text.slice(0, 40)}" is not a ${whole ? 'whole number' : 'number'} from ${from} to ${to}`,
    column: 'value',
  };
}

const tableOf = (key: TableKey): { readonly [parameter: string]: unknown } =>
  DEFAULT_SETTINGS[key] as unknown as { readonly [parameter: string]: unknown };
