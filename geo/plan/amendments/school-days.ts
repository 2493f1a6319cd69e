import { SCHOOLS } from '../read-registers.ts';
import { WEEKDAYS } from '../service-calendar.ts';
import { readTable, type Table } from '../table.ts';
import type { SchoolDay } from './amendments.ts';
import { type AmendmentReading, districtsOf } from './context.ts';
import { rowIds } from './row-id.ts';

export const SCHOOL_CALENDAR = {
  file: 'school_calendar.csv',
  required: ['date', 'kind'],
  optional: ['id', 'school_id', 'district', 'value', 'note'],
} as const satisfies Table<string>;

export const SCHOOL_CALENDAR_ID = [...SCHOOL_CALENDAR.required, 'school_id', 'district', 'value'] as const;

const KINDS = ['holiday', 'workday_swap', 'early_dismissal'] as const;

export function readSchoolDays({ source, context }: AmendmentReading): SchoolDay[] {
  const days: SchoolDay[] = [];
  const idOf = rowIds(SCHOOL_CALENDAR_ID);
  const districts = districtsOf(context);
  readTable(source, SCHOOL_CALENDAR, (row) => {
    const kind = row.oneOf('kind', KINDS, null);
    const schoolId = row.optionalReference('school_id', context.schools, SCHOOLS.file);
    const district = row.optionalReference('district', districts, 'vehicles.csv or schools.csv');
    if (schoolId !== null && district !== null)
      row.fail('district', 'is filled in beside school_id: only one of them says whose day it is');
    if (kind === 'holiday' && row.text('value') !== '') row.fail('value', 'a holiday takes none');
    const weekday = (WEEKDAYS as readonly string[]).indexOf(row.text('value').toLowerCase());
    if (kind === 'workday_swap' && weekday < 0)
      row.fail('value', `names the weekday whose timetable runs: ${WEEKDAYS.join(', ')}`);
    const atS = kind === 'early_dismissal' ? row.time('value') : null;
    if (kind === 'early_dismissal' && row.text('value') === '')
      row.fail('value', 'is blank; an early dismissal has a time');
    days.push({
      id: idOf(row),
      note: row.text('note'),
      date: row.date('date'),
      schoolId,
      district,
      kind,
      weekday: Math.max(weekday, 0),
      atS: atS ?? 0,
    });
  });
  return days;
}
