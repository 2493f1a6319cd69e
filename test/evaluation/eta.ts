import { nothingLearned } from '../../geo/eta/learned.ts';
import { sharedFolder } from '../support/needs.ts';
import { ETA_SETS, type EtaSet } from './eta-days.ts';
import { newDayScores, scoreDay } from './eta-replay.ts';
import { percents, type Score } from './eta-score.ts';

// npx tsx test/evaluation/eta.ts [wmata] [transitclock] [nfta] [capmetro]
// How right arrival predictions are, by the ETA Accuracy Benchmark (Transit and Swiftly 2024), with history from earlier
// days alone, and with learning as the day goes, beside two baselines and, where the data has it, the agency's estimate.

const cell = (score: Score): string => {
  const { buckets, overall } = percents(score);
  return Number.isNaN(overall)
    ? '-'
    : `${overall.toFixed(1)} % (${buckets.map((b) => b.toFixed(0)).join(', ')})`;
};

/** Each day but the first of several is predicted with what the days before it taught. */
function measure({ days }: EtaSet, today: boolean) {
  const learned = nothingLearned();
  const total = newDayScores();
  days.forEach((day, i) => {
    const only = days.length > 1 && i === 0;
    if (!only) scoreDay(day, learned, today, total);
    // What was kept from it while it was predicted, it teaches for the day after.
    if (only || (!today && i < days.length - 1)) scoreDay(day, learned, true, newDayScores());
  });
  return total;
}

const shared = sharedFolder;
if (shared === null) throw new Error('the shared data is not here');
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(ETA_SETS)) {
  const set = ETA_SETS[name]?.(shared);
  if (!set) throw new Error(`no data set ${name}; there are ${Object.keys(ETA_SETS).join(', ')}`);
  const [before, going] = [measure(set, false), measure(set, true)];
  const { range } = going;
  console.log(
    `${set.name}, a report every ${set.interval}, ${going.ours.all.reduce((a, b) => a + b)} predictions`,
  );
  console.log(`  history of earlier days only   ${cell(before.ours)}`);
  console.log(`  learning as the day goes       ${cell(going.ours)}`);
  console.log(`  timetable and current delay    ${cell(going.delay)}`);
  console.log(`  distance over average speed    ${cell(going.speed)}`);
  if (going.agency.all.some((n) => n > 0)) {
    console.log(`  the agency's own estimate      ${cell(going.agency)}`);
    console.log(`  ours at the same moments       ${cell(going.beside)}`);
  }
  const inside = ((100 * range.inside) / range.all).toFixed(0);
  console.log(`  in the range ${inside} %, which is ${(range.widthS / range.all).toFixed(0)} s wide`);
}
