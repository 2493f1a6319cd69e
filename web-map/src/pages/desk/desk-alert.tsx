import { App, Button } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import type {
  AlertStepView,
  AlertView,
  EvidencePackView,
  SessionView,
} from '../../../../services/api/contract.ts';
import { mayBeExcused, stageOf } from '../../alerts/desk-queue.ts';
import { evidenceFacts, evidenceSentence } from '../../alerts/evidence.ts';
import { deskApi, packHref } from '../../api/desk.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { MediaStrip } from '../../panels/media-strip.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import { PageLink } from '../../shell/page-link.tsx';
import { alerts, takeAlerts } from '../../state/alerts.ts';
import { useStore } from '../../state/store.ts';
import { dayAndTime } from '../../text/time.ts';
import { type Act, DeskForm } from './desk-form.tsx';
import { StepList } from './step-list.tsx';

const REPLAY_MARGIN_MS = 300_000;

/** One alert with everything that can be done about it, and everything that was. */
export function DeskAlert({ id, session }: { id: string; session: SessionView }) {
  const { words, language } = useWords();
  const { message } = App.useApp();
  const alert = useStore(alerts).byId.get(id);
  const [missing, setMissing] = useState(false);
  const [steps, setSteps] = useState<{ items: AlertStepView[]; undoable: number | null } | null>(null);
  const [packs, setPacks] = useState<EvidencePackView[]>([]);
  const [held, setHeld] = useState(0);
  const [form, setForm] = useState<Act | null>(null);
  const [busy, setBusy] = useState(false);
  const { can } = session;
  const known = alert !== undefined;
  const done = alert?.desk?.steps ?? 0;

  useEffect(() => {
    if (known) return;
    void deskApi.one(id).then((answer) => (answer.ok ? takeAlerts([answer.value]) : setMissing(true)));
  }, [id, known]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step calls for another look
  useEffect(() => {
    let wanted = true;
    void deskApi.steps(id).then((answer) => wanted && answer.ok && setSteps(answer.value));
    if (can.evidence) {
      void deskApi.packs(id).then((answer) => wanted && answer.ok && setPacks(answer.value.items));
    }
    return () => {
      wanted = false;
    };
  }, [id, done, can.evidence]);
  useEffect(() => {
    void deskApi.heldUnder(id).then((answer) => answer.ok && setHeld(answer.value.items.length));
  }, [id]);

  const act = useCallback(
    async (name: string, body: object = {}): Promise<boolean> => {
      setBusy(true);
      const answer = await deskApi.act(id, name, body);
      setBusy(false);
      if (answer.ok) {
        takeAlerts([answer.value]);
        setForm(null);
        return true;
      }
      const { fault } = answer;
      const why = fault.kind === 'refused' && fault.problem === '/problems/second-person';
      void message.error(`${words.desk.failed} ${why ? words.desk.secondPerson : faultText(fault, words)}`);
      return false;
    },
    [id, message, words],
  );
  const makePack = async () => {
    setBusy(true);
    const answer = await deskApi.makePack(id);
    setBusy(false);
    if (answer.ok) setPacks([answer.value, ...packs]);
    else void message.error(`${words.desk.failed} ${faultText(answer.fault, words)}`);
  };

  if (!alert) return missing ? <p className="page-empty">{words.desk.missing}</p> : null;
  const stage = stageOf(alert);
  const open = stage === 'new' || stage === 'acknowledged';
  const why = evidenceSentence(alert, language);
  const facts = evidenceFacts(alert, words, language);
  const button = (name: Act, shown: boolean) =>
    shown && (
      <Button key={name} aria-expanded={form === name} onClick={() => setForm(form === name ? null : name)}>
        {words.desk.acts[name]}
      </Button>
    );
  return (
    <article className={`card desk-alert alert-${alert.severity}`} data-testid="desk-alert">
      <header>
        <SeverityMark severity={alert.severity} /> <span className="chip">{words.desk.stages[stage]}</span>
        {alert.desk?.assignee && <span>{words.desk.assignee(alert.desk.assignee.name)}</span>}
        <h2>
          {words.rules[alert.rule]} · {alert.plate ?? alert.vehicle}
        </h2>
        <p>
          {dayAndTime(language, alert.start)} {alert.routeName ?? ''} {facts.join(' · ')}
        </p>
        {why && <p className="alert-why">{why}</p>}
        {held > 0 && <p>{words.desk.held(held)}</p>}
        {(alert.desk?.level ?? 0) > 0 && (
          <p className="desk-waits">
            {words.desk.level(alert.desk?.level ?? 0)}: {words.desk.levels[alert.desk?.level ?? 0]}
          </p>
        )}
      </header>
      <div className="buttons desk-acts">
        {can.acknowledge && stage === 'new' && (
          <Button type="primary" loading={busy} onClick={() => void act('acknowledge')}>
            {words.desk.acts.acknowledge}
          </Button>
        )}
        {button('handle', can.resolve && open)}
        {button('review', can.review && stage === 'handled')}
        {can.review && stage === 'reviewed' && (
          <Button onClick={() => void act('close')}>{words.desk.acts.close}</Button>
        )}
        {button('assign', can.acknowledge && stage !== 'closed')}
        {button('call', can.acknowledge)}
        {button('text', can.command)}
        {button('photo', can.command)}
        {button('note', can.acknowledge)}
        {button('escalate', can.acknowledge && open && (alert.desk?.level ?? 0) < 3)}
        {button('excuse', can.amend.includes('excuses') && mayBeExcused(alert))}
        {button('hand_over', can.evidence)}
        {can.evidence && (
          <Button loading={busy} onClick={() => void makePack()}>
            {words.desk.acts.evidence}
          </Button>
        )}
        {steps?.undoable != null && <Button onClick={() => void act('undo')}>{words.desk.acts.undo}</Button>}
        <PageLink className="desk-link" to={{ page: 'replay', rest: [alert.vehicle], query: spanOf(alert) }}>
          {words.desk.replay}
        </PageLink>
      </div>
      {form && (
        <DeskForm key={form} act={form} alert={alert} busy={busy} onDo={act} onClose={() => setForm(null)} />
      )}
      <MediaStrip scope={{ kind: 'alert', alert }} quiet />
      {packs.length > 0 && (
        <>
          <h3>{words.desk.packs}</h3>
          <ul className="desk-packs">
            {packs.map((pack) => (
              <li key={pack.id}>
                {dayAndTime(language, pack.madeAt)} {pack.madeBy}{' '}
                <a href={packHref(pack.id, 'pdf')}>{words.desk.pdf}</a>{' '}
                <a href={packHref(pack.id, 'zip')}>{words.desk.zip}</a>
                <code>{pack.head}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{words.desk.history}</h3>
      {steps && <StepList steps={steps.items} />}
    </article>
  );
}

/** The time around the alert, for the replay. */
const spanOf = (alert: AlertView) => ({
  from: new Date(Date.parse(alert.start) - REPLAY_MARGIN_MS).toISOString(),
  to: new Date(Date.parse(alert.end ?? alert.start) + REPLAY_MARGIN_MS).toISOString(),
});
