import { parse } from 'csv-parse/sync';
import type { Plan, PlanFiles } from '../../../geo/plan/plan.ts';

/** One pupil on one run, from riders.csv. Sensitive personal information: never logged, every look is audited. */
export interface Rider {
  readonly id: string;
  readonly schoolId: string;
  readonly name: string;
  readonly grade: string;
  readonly tripId: string;
  readonly stopId: string;
  readonly guardianPhones: readonly string[];
}

/**
 * Reads riders.csv of a plan that was checked when it was imported; a pupil has a row for each of their trips. Where
 * the school is left out it is that of the trip, if it serves only one.
 */
export function readRiders(files: PlanFiles | null, plan: Plan): Rider[] {
  const text = files?.get('riders.csv');
  if (!text) return [];
  const rows: Record<string, string | undefined>[] = parse(text, {
    columns: (header: string[]) => header.map((name) => name.trim().toLowerCase().replace(/\s+/g, '_')),
    skip_empty_lines: true,
    trim: true,
    relax_column_count: true,
  });
  return rows.map((row) => {
    const tripId = row.trip_id ?? '';
    const schools = plan.trips.get(tripId)?.schoolIds ?? [];
    return {
      id: row.rider_id ?? '',
      schoolId: row.school_id || (schools.length === 1 ? (schools[0] ?? '') : ''),
      name: row.name ?? '',
      grade: row.grade ?? '',
      tripId,
      stopId: row.stop_id ?? '',
      guardianPhones: (row.guardian_phones ?? '')
        .split(';')
        .map((phone) => phone.trim())
        .filter((phone) => phone !== ''),
    };
  });
}
