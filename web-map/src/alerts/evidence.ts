import type { AlertView, Language } from '../../../services/api/contract.ts';
import type { Dictionary } from '../i18n/en.ts';
import { clockTime } from '../text/time.ts';

/** The first of the names under which the evidence holds a number. */
function number(evidence: AlertView['evidence'], ...names: string[]): number | null {
  for (const name of names) {
    const value = evidence[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
}

/** What somebody deciding about an alert looks for first, in a few words. Evidence of a kind not known says nothing. */
export function evidenceFacts(alert: AlertView, words: Dictionary, language: Language): string[] {
  const { evidence } = alert;
  const said = words.alerts.evidence;
  const facts: string[] = [];
  if (alert.rule === 'speeding') {
    const peak = number(evidence, 'peakKmh', 'peakSpeedKmh', 'speedKmh');
    const limit = number(evidence, 'limitKmh', 'speedLimitKmh');
    if (peak !== null) facts.push(`${said.peak} ${Math.round(peak)} ${words.bus.kmh}`);
    if (limit !== null) facts.push(`${said.limit} ${Math.round(limit)}`);
  }
  if (alert.rule === 'route_deviation') {
    const off = number(evidence, 'peakM', 'peakDistanceM', 'maxDistanceM', 'distanceM');
    if (off !== null)
      facts.push(
        `${said.distance} ${off >= 1_000 ? `${(off / 1_000).toFixed(1)} km` : `${Math.round(off)} m`}`,
      );
  }
  if (alert.rule === 'unapproved_vehicle' || alert.rule === 'missing_escort') {
    const reason = said.reasons[String(evidence.reason)];
    if (reason !== undefined) facts.push(reason);
  }
  if (alert.rule === 'sos') {
    const presses = number(evidence, 'presses');
    if (presses !== null && presses > 1) facts.push(said.presses(presses));
  }
  if (alert.rule === 'terminal_offline') {
    if (typeof evidence.lastContact === 'string')
      facts.push(`${said.lastContact} ${clockTime(language, evidence.lastContact)}`);
    if (evidence.carrying === true) facts.push(said.carrying);
  }
  return facts;
}

/** What was judged, by which limit and article, in the words that came with it. */
export function evidenceSentence({ evidence }: AlertView, language: Language): string | null {
  const said = evidence.explain as { readonly [language: string]: unknown } | null | undefined;
  const sentence = said?.[language];
  return typeof sentence === 'string' && sentence !== '' ? sentence : null;
}
