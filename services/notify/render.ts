import type { RuleName } from '../../geo/finding.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import { zoneClock } from '../../geo/plan/time-zone.ts';
import type { NoticePayload } from '../store/notice-store.ts';
import type { NoticeKind } from './notice-kinds.ts';
import { en } from './text-en.ts';
import { zh } from './text-zh.ts';
import type { NoticeFacts } from './words.ts';

/** A notice as a person reads it. It names the bus, the stop and the school; never a child. */
export interface Rendered {
  readonly title: string;
  readonly text: string;
  /** What it was made of, for channels whose templates were agreed with the provider beforehand. */
  readonly facts: NoticeFacts;
}

const CHINA = 'Asia/Shanghai';

/** Rendered when it is handed over, so that "in 4 minutes" is true at that moment. */
export function render(
  kind: NoticeKind,
  payload: NoticePayload,
  language: 'zh' | 'en',
  plan: Plan | null,
  now: number,
): Rendered {
  const words = language === 'zh' ? zh : en;
  const facts = factsOf(payload, plan, now, language);
  const [title, text] = words[kind](facts);
  return { title, text, facts };
}

function factsOf(payload: NoticePayload, plan: Plan | null, now: number, language: 'zh' | 'en'): NoticeFacts {
  const words = language === 'zh' ? zh : en;
  const zone = plan?.timeZone ?? CHINA;
  const text = (name: string): string => (typeof payload[name] === 'string' ? payload[name] : '');
  const number = (name: string): number => (typeof payload[name] === 'number' ? payload[name] : 0);
  const clock = (name: string): string =>
    typeof payload[name] === 'number' ? clockAt(payload[name], zone) : '';
  const plateOf = (id: string): string => plan?.vehicles.get(id)?.plate || id;
  const routeOf = (tripId: string): string => {
    const trip = plan?.trips.get(tripId);
    const route = trip && plan?.routes.get(trip.routeId);
    return route?.longName || route?.shortName || (tripId && (language === 'zh' ? '校车' : 'The bus'));
  };
  const expected = number('expected');
  return {
    route: routeOf(text('trip')),
    stop: plan?.stops.get(text('stop'))?.name ?? '',
    school: plan?.schools.get(text('school'))?.name ?? '',
    vehicle: plateOf(text('vehicle')),
    plates: Array.isArray(payload.plates) ? payload.plates.join(' ') : '',
    minutes: Math.max(1, Math.round((expected - now) / 60_000)),
    stops: number('stops'),
    delayMin: number('delayMin'),
    level: number('level'),
    expected: clock('expected'),
    when: clock('when'),
    time: clock('at'),
    start: clock('start'),
    date: dayOf(text('date'), language),
    mergedInto: text('mergedInto') && routeOf(text('mergedInto')),
    rule: words.rules[text('rule') as RuleName] ?? text('rule'),
    severity: text('severity'),
  };
}

const clocks = new Map<string, ReturnType<typeof zoneClock>>();

function clockAt(time: number, zone: string): string {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = zoneClock(zone);
    clocks.set(zone, clock);
  }
  return new Date(time + clock.offsetMs(time)).toISOString().slice(11, 16);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayOf(date: string, language: 'zh' | 'en'): string {
  if (!/^\d{8}$/.test(date)) return '';
  const [month, day] = [Number(date.slice(4, 6)), Number(date.slice(6, 8))];
  return language === 'zh' ? `${month}月${day}日` : `${day} ${MONTHS[month - 1] ?? ''}`;
}
