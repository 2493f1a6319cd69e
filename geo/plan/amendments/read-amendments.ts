import type { Table } from '../table.ts';
import type { Amendments } from './amendments.ts';
import type { AmendmentReading } from './context.ts';
import { DETOURS, readDetours } from './detours.ts';
import { DISPATCH, readDispatch } from './dispatch.ts';
import { EXCUSES, readExcuses } from './excuses.ts';
import { RULE_SETTINGS, readRuleOverrides } from './rule-overrides.ts';
import { readSchoolDays, SCHOOL_CALENDAR } from './school-days.ts';
import { ORDERS, readOrders } from './weather-orders.ts';

/** The tables that amend a plan; a change of these alone leaves the network as it is. */
export const AMENDMENT_TABLES: readonly Table<string>[] = [
  RULE_SETTINGS,
  ORDERS,
  DETOURS,
  EXCUSES,
  SCHOOL_CALENDAR,
  DISPATCH,
];

export const AMENDMENT_FILES: readonly string[] = AMENDMENT_TABLES.map((table) => table.file);

export function readAmendments(reading: AmendmentReading): Amendments {
  const detours = readDetours(reading);
  return {
    settings: readRuleOverrides(reading),
    orders: readOrders(reading),
    detours,
    excuses: readExcuses(reading),
    schoolDays: readSchoolDays(reading),
    dispatch: readDispatch(reading, detours),
  };
}
