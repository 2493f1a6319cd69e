import type { Language } from '../../../services/api/contract.ts';

/** Runs, permits and reports are dated in China's one time zone, wherever the viewer's clock is set. */
const TIME_ZONE = 'Asia/Shanghai';

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}/${name}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locales[language], { timeZone: TIME_ZONE, hourCycle: 'h23', ...options });
    formats.set(key, made);
  }
  return made;
}

/** `07:42` */
export function clockTime(language: Language, time: string | number | Date): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit' }).format(new Date(time));
}

/** `07:42:05` */
export function clockTimeWithSeconds(language: Language, time: string | number | Date): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return format(language, 'seconds', options).format(new Date(time));
}

/** `24 Nov, 07:42` */
export function dayAndTime(language: Language, time: string | number | Date): string {
  const options = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  return format(language, 'day', options).format(new Date(time));
}

/** A date as permits carry it, `YYYYMMDD` or `YYYY-MM-DD`, in words of the language. */
export function dateOnly(language: Language, date: string): string {
  const digits = date.replaceAll('-', '').slice(0, 8);
  if (!/^\d{8}$/.test(digits)) return date;
  const at = Date.parse(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}T12:00:00+08:00`);
  return format(language, 'date', { year: 'numeric', month: 'short', day: 'numeric' }).format(at);
}

/** `1,234` */
export function wholeNumber(language: Language, value: number): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: 0 }).format(value);
}
