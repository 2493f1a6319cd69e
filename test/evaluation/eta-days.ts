import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { capmetroDay } from './capmetro.ts';
import { nftaTimedDays } from './nfta-timed.ts';
import { recordedRows } from './read-recorded.ts';
import { planOf, type RecordedDay } from './recorded-day.ts';
import { wmataDay } from './wmata.ts';

/** What the agency itself told, beside the positions. Milliseconds. */
export interface AgencyEstimate {
  readonly at: number;
  readonly trip: string;
  readonly stop: string;
  readonly predicted: number;
}

export interface EtaDay extends RecordedDay {
  readonly agency?: readonly AgencyEstimate[];
}

/** Days of one agency in order; each is predicted with what the days before it taught. */
export interface EtaSet {
  readonly name: string;
  /** Usual time between two reports of a bus. */
  readonly interval: string;
  readonly days: readonly EtaDay[];
}

export const ETA_SETS: { readonly [name: string]: (shared: string) => EtaSet } = {
  wmata: (shared) => ({ name: 'wmata-bus-2026', interval: '15-30 s', days: [wmataDay(shared, true)] }),
  transitclock: (shared) => ({
    name: 'transitclock-wmata-2016, 3T',
    interval: '33 s',
    days: [line3T(shared)],
  }),
  nfta: (shared) => ({ name: 'nfta-buffalo-2020', interval: '60 s', days: nftaTimedDays(shared) }),
  capmetro: (shared) => ({
    name: 'capmetro-austin-2016',
    interval: '240 s',
    days: ['2016-11-24', '2016-11-25', '2016-11-26', '2016-11-27'].map((day) => capmetroDay(shared, day)),
  }),
};

/** One bus on one run of line 3T, on the timetable of that time; the trip whose time it was. */
function line3T(shared: string): EtaDay {
  const folder = join(shared, 'data', 'transitclock-wmata-2016');
  const zip = unzipSync(readFileSync(join(folder, 'gtfs_3T.zip')));
  const files = new Map(Object.entries(zip).map(([name, bytes]) => [name, strFromU8(bytes)]));
  const rows = recordedRows(join(folder, 'positions_3T_3757.csv'));
  return { name: '3T', plan: planOf(files), reports: rows.map((r) => r.report), tripOf: new Map() };
}
