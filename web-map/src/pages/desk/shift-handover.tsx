import { App, Button, Input } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import type { ShiftHandoverView, ShiftSummaryView } from '../../../../services/api/contract.ts';
import { deskApi } from '../../api/desk.ts';
import { faultText } from '../../api/fault-text.ts';
import { serverNow } from '../../clock.ts';
import { useWords } from '../../i18n/language.ts';
import { dayAndTime } from '../../text/time.ts';

const SHIFT_MS = 8 * 3_600_000;

/** What this shift did and leaves open, and its word to the next; beneath it what earlier shifts said. */
export function ShiftHandover() {
  const { words, language } = useWords();
  const { message } = App.useApp();
  const [from] = useState(() => new Date(serverNow() - SHIFT_MS).toISOString());
  const [summary, setSummary] = useState<ShiftSummaryView | null>(null);
  const [earlier, setEarlier] = useState<ShiftHandoverView[]>([]);
  const [note, setNote] = useState('');
  const load = useCallback(() => {
    void deskApi.summary(from).then((answer) => answer.ok && setSummary(answer.value));
    void deskApi.handovers().then((answer) => answer.ok && setEarlier(answer.value.items));
  }, [from]);
  useEffect(load, [load]);
  const save = async () => {
    const answer = await deskApi.handOver(from, note.trim());
    if (!answer.ok) return void message.error(`${words.desk.failed} ${faultText(answer.fault, words)}`);
    setNote('');
    load();
  };
  return (
    <section className="card" aria-label={words.desk.shift} data-testid="shift-card">
      <h2>{words.desk.shiftSince}</h2>
      {summary && <Figures summary={summary} />}
      <label className="desk-shift-note" htmlFor="shift-note">
        {words.desk.shiftNote}
        <Input.TextArea
          id="shift-note"
          rows={3}
          maxLength={4000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <Button type="primary" disabled={note.trim() === ''} onClick={() => void save()}>
        {words.desk.shiftSave}
      </Button>
      {earlier.length > 0 && <h3>{words.desk.shiftEarlier}</h3>}
      {earlier.map((one) => (
        <div key={one.seq} className="desk-earlier">
          <b>
            {dayAndTime(language, one.at)} {one.by}
          </b>
          <p>{one.note}</p>
          <Figures summary={one.summary} />
        </div>
      ))}
    </section>
  );
}

function Figures({ summary }: { summary: ShiftSummaryView }) {
  const { words } = useWords();
  const { raised, handled, open, escalated, medianToAcknowledgeS } = summary;
  const medians = (['P1', 'P2'] as const).flatMap((severity) => {
    const seconds = medianToAcknowledgeS[severity];
    return seconds === null ? [] : [words.desk.shiftMedian(severity, seconds)];
  });
  const said = [
    words.desk.shiftFigures(raised.P1 + raised.P2 + raised.P3, handled, open.length),
    words.desk.shiftEscalated(escalated),
    ...medians,
    ...summary.people.map(({ name, acts }) => `${name} ${acts}`),
  ];
  return <p className="page-intro">{said.join(' · ')}</p>;
}
