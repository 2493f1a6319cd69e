import { type PlanSource, readTable, type Table } from './table.ts';
import { dayOfDate } from './time-zone.ts';

/** Which service runs on which date: calendar.txt and calendar_dates.txt, of which a feed may have one or both. */
export interface ServiceCalendar {
  has(serviceId: string): boolean;
  runs(serviceId: string, serviceDate: string): boolean;
  /** As if the date were another weekday (0 is Sunday): a day worked in exchange for another. */
  runsAsWeekday(serviceId: string, serviceDate: string, weekday: number): boolean;
  /** The last date the service may run, `YYYYMMDD`; null where it never does. */
  lastDate(serviceId: string): string | null;
  /** First and last date that any service may run, `YYYYMMDD`; null where there is none. */
  readonly span: readonly [string, string] | null;
}

export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;

export const CALENDAR = {
  file: 'calendar.txt',
  required: ['service_id', ...WEEKDAYS, 'start_date', 'end_date'],
  optional: [],
} as const satisfies Table<string>;

export const CALENDAR_DATES = {
  file: 'calendar_dates.txt',
  required: ['service_id', 'date', 'exception_type'],
  optional: [],
} as const satisfies Table<string>;

interface Service {
  /** [first, last] date and the weekdays from Sunday; null where only calendar_dates.txt names the service. */
  pattern: { from: string; to: string; weekdays: readonly boolean[] } | null;
  readonly exceptions: Map<string, boolean>;
}

export function readServiceCalendar(source: PlanSource): ServiceCalendar {
  const services = new Map<string, Service>();
  readTable(source, CALENDAR, (row) => {
    const id = row.newId('service_id', services);
    const weekdays = WEEKDAYS.map((weekday) => row.oneOf(weekday, ['0', '1'], null) === '1');
    const from = row.date('start_date');
    const to = row.date('end_date');
    if (from !== '' && to !== '' && to < from) row.fail('end_date', 'is before start_date');
    if (id !== null) services.set(id, { pattern: { from, to, weekdays }, exceptions: new Map() });
  });
  readTable(source, CALENDAR_DATES, (row) => {
    const id = row.needed('service_id');
    const date = row.date('date');
    const added = row.oneOf('exception_type', ['1', '2'], null) === '1';
    let service = services.get(id);
    if (!service) {
      service = { pattern: null, exceptions: new Map() };
      services.set(id, service);
    }
    if (service.exceptions.get(date) === !added)
      row.fail('exception_type', 'the date is both added and removed');
    service.exceptions.set(date, added);
  });
  return {
    has: (serviceId) => services.has(serviceId),
    runs(serviceId, serviceDate) {
      const service = services.get(serviceId);
      return service !== undefined && runsOn(service, serviceDate);
    },
    runsAsWeekday(serviceId, serviceDate, weekday) {
      const pattern = services.get(serviceId)?.pattern;
      if (!pattern || serviceDate < pattern.from || serviceDate > pattern.to) return false;
      return pattern.weekdays[weekday] ?? false;
    },
    lastDate(serviceId) {
      const service = services.get(serviceId);
      return service ? (spanOf([service])?.[1] ?? null) : null;
    },
    span: spanOf(services.values()),
  };
}

function runsOn({ pattern, exceptions }: Service, date: string): boolean {
  const exception = exceptions.get(date);
  if (exception !== undefined) return exception;
  if (!pattern || date < pattern.from || date > pattern.to) return false;
  // 1970-01-01 was a Thursday.
  return pattern.weekdays[(((dayOfDate(date) + 4) % 7) + 7) % 7]!;
}

function spanOf(services: Iterable<Service>): readonly [string, string] | null {
  let span: [string, string] | null = null;
  const widen = (date: string) => {
    if (span === null) span = [date, date];
    else if (date < span[0]) span[0] = date;
    else if (date > span[1]) span[1] = date;
  };
  for (const { pattern, exceptions } of services) {
    if (pattern?.weekdays.includes(true)) {
      widen(pattern.from);
      widen(pattern.to);
    }
    for (const [date, added] of exceptions) if (added) widen(date);
  }
  return span;
}
