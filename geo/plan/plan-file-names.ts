import { AMENDMENT_TABLES } from './amendments/read-amendments.ts';
import { DUTIES } from './read-duties.ts';
import { BASE_FILE, FENCES_FILE } from './read-fences.ts';
import { AGENCY, ROUTES, SHAPES, STOPS } from './read-network.ts';
import { PEOPLE, PERMITS, RIDERS, SCHOOLS, VEHICLES } from './read-registers.ts';
import { FREQUENCIES, TRIPS } from './read-trips.ts';
import { CALENDAR, CALENDAR_DATES } from './service-calendar.ts';
import { STOP_TIMES } from './stop-time-rows.ts';
import type { Table } from './table.ts';

/** Every table of a plan. */
export const PLAN_TABLES: readonly Table<string>[] = [
  AGENCY,
  ROUTES,
  STOPS,
  SHAPES,
  CALENDAR,
  CALENDAR_DATES,
  TRIPS,
  STOP_TIMES,
  FREQUENCIES,
  VEHICLES,
  PEOPLE,
  PERMITS,
  SCHOOLS,
  DUTIES,
  RIDERS,
  ...AMENDMENT_TABLES,
];

/** What no plan can do without; one of the two calendar files must be there too. */
export const REQUIRED_FILES: readonly string[] = [AGENCY, ROUTES, STOPS, TRIPS, STOP_TIMES].map(
  (t) => t.file,
);

/** The files that make a plan. Others of a GTFS feed (fares, pathways, translations) say nothing that is judged by. */
export const PLAN_FILE_NAMES: readonly string[] = [
  ...PLAN_TABLES.map((table) => table.file),
  FENCES_FILE,
  BASE_FILE,
];
