import { en } from '../notify/text-en.ts';
import { zh } from '../notify/text-zh.ts';
import type { ReportColumn, ReportDocument, ReportTable } from './report-document.ts';
import type { SupervisionFigures, SupervisionReport } from './supervision.ts';
import { enReport, type ReportWords, zhReport } from './words.ts';

export type ReportLanguage = 'zh' | 'en';

const RATES = [
  'connectedRate',
  'onlineRate',
  'completeRate',
  'qualifiedRate',
  'driftRate',
  'handlingRate',
  'mistakenRate',
] as const;

export const reportWords = (language: ReportLanguage): ReportWords =>
  language === 'zh' ? zhReport : enReport;

/** What a rule is called, as notices call it. */
export const ruleWord = (language: ReportLanguage, rule: string): string => {
  const words: { readonly [rule: string]: string } = (language === 'zh' ? zh : en).rules;
  return words[rule] ?? rule;
};

/** Who made it and when; both are printed on it. */
export interface Made {
  readonly by: string;
  readonly at: number;
}

export const clock = (time: number): string =>
  new Date(time + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

const aboutOf = (words: ReportWords, { by, at }: Made, from: string, to: string): string[] => [
  words.span(from, to),
  words.made(clock(at), by),
];

export function supervisionDocument(
  report: SupervisionReport,
  made: Made,
  language: ReportLanguage,
): ReportDocument {
  const words = reportWords(language);
  const { columns } = words;
  const figures: ReportColumn[] = [
    { title: columns.group!, kind: 'text', width: 2.4 },
    { title: columns.vehicles!, kind: 'number' },
    ...RATES.map((rate): ReportColumn => ({ title: words.indicators[rate], kind: 'percent', width: 1.2 })),
    { title: columns.p1!, kind: 'number', width: 0.7 },
    { title: columns.p2!, kind: 'number', width: 0.7 },
    { title: columns.p3!, kind: 'number', width: 0.7 },
    { title: columns.drivenKm!, kind: 'number', width: 1.2 },
  ];
  const row = (name: string, of: SupervisionFigures) => [
    name,
    of.vehicles,
    ...RATES.map((rate) => of[rate]),
    of.alerts.P1,
    of.alerts.P2,
    of.alerts.P3,
    of.drivenKm,
  ];
  const daily = ['onlineRate', 'completeRate', 'qualifiedRate', 'handlingRate'] as const;
  const shown = report.days.filter((day) => day.running || day.completeRate !== null);
  return {
    title: words.supervision,
    about: [
      ...aboutOf(words, made, report.from, report.to),
      words.asOf(report.asOf === null ? null : clock(report.asOf)),
    ],
    tables: [
      {
        title: words.byGroup(words.by[report.by]),
        columns: figures,
        rows: [...report.groups.map((group) => row(group.name, group)), row(words.total, report.total)],
      },
      {
        title: words.overDays,
        columns: [
          { title: columns.day!, kind: 'text', width: 1.4 },
          ...[...daily, 'driftRate' as const].map(
            (rate): ReportColumn => ({ title: words.indicators[rate], kind: 'percent' }),
          ),
          { title: columns.alerts!, kind: 'text', width: 1.3 },
        ],
        rows: shown.map((day) => [
          day.day,
          ...[...daily, 'driftRate' as const].map((rate) => day[rate]),
          `${day.alerts.P1} / ${day.alerts.P2} / ${day.alerts.P3}`,
        ]),
        chart: {
          title: words.overDays,
          labels: shown.map((day) => day.day.slice(5)),
          series: daily.map((rate) => ({
            name: words.indicators[rate],
            values: shown.map((day) => day[rate]),
          })),
          percent: true,
        },
      },
    ],
    notes: words.definitions,
  };
}

export interface NoticeLine {
  readonly provider: string;
  readonly time: number;
  readonly plate: string;
  readonly driver: string;
  readonly rule: string;
  readonly severity: string;
  readonly route: string;
  readonly what: { readonly zh?: string; readonly en?: string } | null;
  readonly state: string;
}

export interface Notice {
  readonly month: string;
  readonly from: string;
  readonly to: string;
  /** Counts by carrier, then by rule. */
  readonly counts: readonly { readonly provider: string; readonly rule: string; readonly total: number }[];
  readonly lines: readonly NoticeLine[];
  readonly left: number;
}

export function noticeDocument(notice: Notice, made: Made, language: ReportLanguage): ReportDocument {
  const words = reportWords(language);
  const { columns } = words;
  const providers = [...new Set(notice.lines.map((line) => line.provider))].sort();
  return {
    title: words.notice(notice.month),
    about: [...aboutOf(words, made, notice.from, notice.to), words.noticeIntro],
    tables: [
      {
        title: words.byGroup(words.by.provider),
        columns: [
          { title: columns.provider!, kind: 'text', width: 2 },
          { title: columns.rule!, kind: 'text', width: 2 },
          { title: columns.count!, kind: 'number' },
        ],
        rows: notice.counts.map(({ provider, rule, total }) => [provider, ruleWord(language, rule), total]),
        ...(notice.counts.length === 0 ? { more: words.nothing } : {}),
      },
      ...providers.map(
        (provider): ReportTable => ({
          title: provider,
          columns: [
            { title: columns.time!, kind: 'text', width: 1.5 },
            { title: columns.plate!, kind: 'text', width: 1.1 },
            { title: columns.driver!, kind: 'text', width: 1 },
            { title: columns.rule!, kind: 'text', width: 1.3 },
            { title: columns.severity!, kind: 'text', width: 0.6 },
            { title: columns.route!, kind: 'text', width: 1.6 },
            { title: columns.what!, kind: 'text', width: 4.4 },
            { title: columns.state!, kind: 'text', width: 0.9 },
          ],
          rows: notice.lines
            .filter((line) => line.provider === provider)
            .map((line) => [
              clock(line.time),
              line.plate,
              line.driver,
              ruleWord(language, line.rule),
              line.severity,
              line.route,
              line.what?.[language] ?? '',
              words.states[line.state] ?? line.state,
            ]),
        }),
      ),
    ],
    notes: notice.left > 0 ? [words.left(notice.left)] : [],
  };
}

export interface GateLine {
  readonly school: string;
  readonly name: string;
  /** Of the day, 0 to 95. */
  readonly quarter: number;
  readonly days: number;
  readonly perDay: number;
  readonly most: number;
  readonly meanMin: number;
  readonly longestMin: number;
}

export const quarterText = (quarter: number): string => {
  const at = (q: number) =>
    `${String(Math.floor(q / 4)).padStart(2, '0')}:${String((q % 4) * 15).padStart(2, '0')}`;
  return `${at(quarter)}–${at(quarter + 1)}`;
};

export function gatesDocument(
  lines: readonly GateLine[],
  span: { from: string; to: string },
  made: Made,
  language: ReportLanguage,
): ReportDocument {
  const words = reportWords(language);
  const { columns } = words;
  const schools = [...new Set(lines.map((line) => line.school))];
  return {
    title: words.gates,
    about: aboutOf(words, made, span.from, span.to),
    tables: schools.map((school): ReportTable => {
      const own = lines.filter((line) => line.school === school);
      return {
        title: own[0]?.name ?? school,
        columns: [
          { title: columns.quarter!, kind: 'text' },
          { title: columns.perDay!, kind: 'number' },
          { title: columns.most!, kind: 'number' },
          { title: columns.stood!, kind: 'number' },
          { title: columns.longest!, kind: 'number' },
          { title: columns.days!, kind: 'number' },
        ],
        rows: own.map((line) => [
          quarterText(line.quarter),
          line.perDay,
          line.most,
          line.meanMin,
          line.longestMin,
          line.days,
        ]),
        chart: {
          title: words.gates,
          labels: own.map((line) => quarterText(line.quarter).slice(0, 5)),
          series: [
            { name: columns.perDay!, values: own.map((line) => line.perDay) },
            { name: columns.stood!, values: own.map((line) => line.meanMin) },
          ],
          percent: false,
        },
      };
    }),
    notes: schools.length === 0 ? [words.nothing] : [],
  };
}

/** A document of one table, which says so where nothing is in it. */
const listDocument = (
  words: ReportWords,
  title: string,
  about: string[],
  notes: string[],
  columns: ReportColumn[],
  rows: ReportTable['rows'],
): ReportDocument => ({
  title,
  about,
  tables: [{ title, columns, rows, ...(rows.length === 0 ? { more: words.nothing } : {}) }],
  notes,
});

export interface DangerLine {
  readonly section: string;
  readonly name: string;
  readonly kind: string;
  readonly rules: readonly { readonly rule: string; readonly total: number }[];
  readonly total: number;
  readonly vehicles: number;
  readonly worst: string | null;
}

export function dangersDocument(
  lines: readonly DangerLine[],
  span: { from: string; to: string },
  made: Made,
  language: ReportLanguage,
): ReportDocument {
  const words = reportWords(language);
  const { columns } = words;
  return listDocument(
    words,
    words.dangers,
    aboutOf(words, made, span.from, span.to),
    [],
    [
      { title: columns.section!, kind: 'text', width: 2 },
      { title: columns.count!, kind: 'number' },
      { title: columns.vehicles!, kind: 'number' },
      { title: columns.worst!, kind: 'text' },
      { title: columns.rule!, kind: 'text', width: 4 },
    ],
    lines.map((line) => [
      line.name || line.section,
      line.total,
      line.vehicles,
      line.worst ?? '',
      line.rules.map(({ rule, total }) => `${ruleWord(language, rule)} ${total}`).join('，'),
    ]),
  );
}

export interface LeadLine {
  readonly id: string;
  readonly vehicle: string;
  readonly school: string;
  readonly days: number;
  readonly samePlaces: number;
  readonly score: number;
  readonly state: string;
  readonly start: number;
  readonly runs: readonly {
    readonly date: string;
    readonly way: string;
    readonly gateAt: string;
    readonly places: number;
  }[];
}

export function leadsDocument(
  lines: readonly LeadLine[],
  span: { from: string; to: string },
  made: Made,
  language: ReportLanguage,
): ReportDocument {
  const words = reportWords(language);
  const { columns } = words;
  return listDocument(
    words,
    words.leads,
    aboutOf(words, made, span.from, span.to),
    [words.leadNote],
    [
      { title: columns.vehicle!, kind: 'text', width: 2 },
      { title: columns.school!, kind: 'text', width: 2 },
      { title: columns.days!, kind: 'number' },
      { title: columns.samePlaces!, kind: 'number' },
      { title: columns.score!, kind: 'number' },
      { title: columns.state!, kind: 'text' },
      { title: columns.gateAt!, kind: 'text', width: 4 },
    ],
    lines.map((line) => [
      line.vehicle,
      line.school,
      line.days,
      line.samePlaces,
      line.score,
      words.states[line.state] ?? line.state,
      line.runs.map((run) => run.gateAt.slice(0, 16).replace('T', ' ')).join('，'),
    ]),
  );
}
