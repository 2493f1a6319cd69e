import { useEffect, useRef, useState } from 'react';
import { ring } from '../alerts/alarm-sound.ts';
import { sounds } from '../alerts/desk-queue.ts';
import { useWords } from '../i18n/language.ts';
import { alerts } from '../state/alerts.ts';
import { useStore } from '../state/store.ts';

/** An urgent alert that nobody takes up is heard again this often. */
const RING_EVERY_MS = 15_000;

/** Tells screen readers of alerts as they come: an urgent one at once, the others when there is a pause. */
export function AlertAnnouncer() {
  const { words } = useWords();
  const { byId, fresh } = useStore(alerts);
  const told = useRef(new Set<string>());
  const [said, setSaid] = useState<{ urgent: string; calm: string }>({ urgent: '', calm: '' });
  useEffect(() => {
    for (const id of fresh) {
      if (told.current.has(id)) continue;
      told.current.add(id);
      const alert = byId.get(id);
      if (!alert || alert.retracted) continue;
      const text = words.alerts.announce(
        words.alerts.severities[alert.severity],
        words.rules[alert.rule],
        alert.plate ?? alert.vehicle,
      );
      setSaid((now) => (alert.severity === 'P1' ? { ...now, urgent: text } : { ...now, calm: text }));
    }
  }, [byId, fresh, words]);
  const calling = [...byId.values()].filter(sounds).length;
  useEffect(() => {
    if (calling === 0) return;
    ring();
    const again = setInterval(ring, RING_EVERY_MS);
    return () => clearInterval(again);
  }, [calling]);
  return (
    <>
      <div className="unseen" role="alert">
        {said.urgent}
      </div>
      <div className="unseen" role="status">
        {said.calm}
      </div>
    </>
  );
}
