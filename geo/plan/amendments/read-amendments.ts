import type { Table } from '../table.ts';
import type { Amendments } from './amendments.ts';
import type { AmendmentReading } from './context.ts';
import { DETOURS, DETOURS_ID, readDetours } from './detours.ts';
import { DISPATCH, DISPATCH_ID, readDispatch } from './dispatch.ts';
import { EXCUSES, EXCUSES_ID, readExcuses } from './excuses.ts';
import { RULE_SETTINGS, RULE_SETTINGS_ID, readRuleOverrides } from './rule-overrides.ts';
import { readSchoolDays, SCHOOL_CALENDAR, SCHOOL_CALENDAR_ID } from './school-days.ts';
import { ORDERS, ORDERS_ID, readOrders } from './weather-orders.ts';

/** The tables that amend a plan; a change of these alone leaves the network as it is. */
export const AMENDMENT_TABLES: readonly Table<string>[] = [
  RULE_SETTINGS,
  ORDERS,
  DETOURS,
  EXCUSES,
  SCHOOL_CALENDAR,
  DISPATCH,
];

/** By file, the columns that name a row which has no id of its own. */
export const AMENDMENT_ID_COLUMNS: { readonly [file: string]: readonly string[] } = {
  [RULE_SETTINGS.file]: RULE_SETTINGS_ID,
  [ORDERS.file]: ORDERS_ID,
  [DETOURS.file]: DETOURS_ID,
  [EXCUSES.file]: EXCUSES_ID,
  [SCHOOL_CALENDAR.file]: SCHOOL_CALENDAR_ID,
  [DISPATCH.file]: DISPATCH_ID,
};

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
