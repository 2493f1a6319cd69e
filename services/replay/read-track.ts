import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { readCsvTrack } from './read-csv-track.ts';
import { readJsonlTrack } from './read-jsonl-track.ts';

/** A row of a track that could not be used. */
export interface TrackProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Reads a recorded track, `.csv` or `.jsonl`, either of them also `.gz`. */
export async function readTrack(
  file: string,
  plan: Plan,
  onProblem: (problem: TrackProblem) => void,
): Promise<Report[]> {
  const bytes = await readFile(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const onBadRow = (line: number, reason: string): void => onProblem({ file, line, reason });
  return /\.(jsonl|ndjson)(\.gz)?$/.test(file)
    ? readJsonlTrack(text, plan, onBadRow)
    : readCsvTrack(text, onBadRow);
}
