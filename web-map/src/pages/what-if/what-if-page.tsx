import './what-if-page.css';
import { App, Button, Input, Popconfirm, Progress, Select } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { AlertView, WhatIfMessage, WhatIfResultView } from '../../../../services/api/contract.ts';
import { type AmendmentDraft, amendmentsApi, askWhatIf } from '../../api/amendments.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { plan, register } from '../../state/plan.ts';
import { useStore } from '../../state/store.ts';
import { wholeNumber } from '../../text/time.ts';
import { PageFrame } from '../page-frame.tsx';
import { AlertRows, Differences } from './differences.tsx';
import { type Defaults, type Draft, newDraft, SettingsEditor, WHOLE_RULE } from './settings-editor.tsx';

const DifferenceMap = lazy(() =>
  import('./difference-map.tsx').then((module) => ({ default: module.DifferenceMap })),
);

const DAY_MS = 86_400_000;
const CHINA_OFFSET_MS = 8 * 3_600_000;
const dayText = (time: number): string => new Date(time + CHINA_OFFSET_MS).toISOString().slice(0, 10);

type Progressing = Extract<WhatIfMessage, { type: 'progress' }>;

/** A past day under other settings, beside what it was; then, if it is good, the settings into force or into shadow. */
export function WhatIfPage() {
  const { words, language } = useWords();
  const { message } = App.useApp();
  const { geometry } = useStore(plan);
  const buses = useStore(register);
  const [day, setDay] = useState(() => dayText(Date.now()));
  const [hours, setHours] = useState({ from: '00:00', to: '23:59' });
  const [vehicles, setVehicles] = useState<string[]>([]);
  const [defaults, setDefaults] = useState<Defaults>([]);
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => [newDraft(1)]);
  const [running, setRunning] = useState<AbortController | null>(null);
  const [progress, setProgress] = useState<Progressing | null>(null);
  const [result, setResult] = useState<WhatIfResultView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [shadow, setShadow] = useState<readonly AlertView[]>([]);
  const latest = useRef<AbortController | null>(null);

  useEffect(() => {
    void amendmentsApi
      .list('rule-settings')
      .then((answer) => answer.ok && setDefaults(answer.value.defaults ?? []));
    void amendmentsApi
      .inShadow(new Date(Date.now() - DAY_MS).toISOString())
      .then((answer) => answer.ok && setShadow(answer.value.items));
    // Who leaves the page waits for nothing any more.
    return () => latest.current?.abort();
  }, []);

  const settings = drafts.map((draft) => settingOf(draft, 'live'));
  const complete = drafts.every((draft) => draft.parameter === WHOLE_RULE || draft.value.trim() !== '');
  const run = async () => {
    const asking = new AbortController();
    latest.current = asking;
    setRunning(asking);
    setProgress(null);
    setResult(null);
    setProblem(null);
    const hear = (said: WhatIfMessage) => {
      if (said.type === 'progress') setProgress(said);
      else if (said.type === 'result') setResult(said);
      else if (said.type === 'failed') setProblem(words.whatIf.failed);
      else setProblem(`${words.whatIf.refused} ${said.errors.map(({ reason }) => reason).join('; ')}`);
    };
    const span = { from: `${day}T${hours.from}:00+08:00`, to: `${day}T${hours.to}:59+08:00` };
    const fault = await askWhatIf({ ...span, vehicles, settings }, hear, asking.signal);
    if (fault) setProblem(fault.kind === 'tooMany' ? words.whatIf.busy : faultText(fault, words));
    if (asking.signal.aborted) setProblem(words.whatIf.cancelled);
    setRunning(null);
  };
  const put = async (mode: 'live' | 'shadow') => {
    for (const draft of drafts) {
      const answer = await amendmentsApi.add('rule-settings', settingOf(draft, mode));
      if (!answer.ok) {
        void message.error(`${words.day.failed} ${faultText(answer.fault, words)}`);
        return;
      }
    }
    void message.success(mode === 'live' ? words.whatIf.madeLive : words.whatIf.madeShadow);
  };
  const idsOf = (scope: string): { value: string; label: string }[] => {
    const named = (of: 'routes' | 'schools' | 'fences') =>
      (geometry?.[of].features ?? []).map(({ properties }) => ({
        value: properties.id,
        label: properties.name,
      }));
    if (scope === 'route') return named('routes');
    if (scope === 'school') return named('schools');
    if (scope === 'section') return named('fences');
    if (scope === 'vehicle') return busOptions;
    return [];
  };
  const busOptions = [...buses.values()].map((bus) => ({ value: bus.id, label: bus.plate || bus.id }));

  return (
    <PageFrame title={words.whatIf.title} intro={words.whatIf.intro} close={words.whatIf.close}>
      <div className="card">
        <div className="what-if-span">
          <div>
            <label htmlFor="what-if-day">{words.whatIf.day}</label>
            <Input
              id="what-if-day"
              type="date"
              value={day}
              max={dayText(Date.now())}
              onChange={(event) => setDay(event.target.value)}
            />
          </div>
          {(['from', 'to'] as const).map((end) => (
            <div key={end}>
              <label htmlFor={`what-if-${end}`}>{words.whatIf[end]}</label>
              <Input
                id={`what-if-${end}`}
                type="time"
                value={hours[end]}
                onChange={(event) => setHours({ ...hours, [end]: event.target.value })}
              />
            </div>
          ))}
          <div>
            <label htmlFor="what-if-buses">{words.whatIf.buses}</label>
            <Select
              id="what-if-buses"
              mode="multiple"
              value={vehicles}
              onChange={setVehicles}
              options={busOptions}
              placeholder={words.whatIf.allBuses}
              showSearch={{ optionFilterProp: 'label' }}
              maxTagCount="responsive"
              allowClear
            />
          </div>
        </div>
        <h3>{words.whatIf.settings}</h3>
        <SettingsEditor drafts={drafts} defaults={defaults} idsOf={idsOf} onChange={setDrafts} />
        <div className="buttons">
          {running ? (
            <Button onClick={() => running.abort()}>{words.whatIf.cancel}</Button>
          ) : (
            <Button type="primary" disabled={!complete || day === ''} onClick={() => void run()}>
              {words.whatIf.run}
            </Button>
          )}
          {result && !running && (
            <>
              <Popconfirm
                title={words.whatIf.sure}
                okText={words.whatIf.makeLive}
                cancelText={words.alerts.cancel}
                onConfirm={() => put('live')}
              >
                <Button>{words.whatIf.makeLive}</Button>
              </Popconfirm>
              <Button onClick={() => void put('shadow')}>{words.whatIf.makeShadow}</Button>
            </>
          )}
        </div>
        {running && (
          <div className="what-if-progress" role="status">
            <Progress percent={Math.round((progress?.share ?? 0) * 100)} status="active" />
            {progress ? words.whatIf.judged(wholeNumber(language, progress.judged)) : words.whatIf.preparing}
          </div>
        )}
        {problem && (
          <p className="page-fault" role="alert">
            {problem}
          </p>
        )}
      </div>
      {result && (
        <div className="card" data-testid="what-if-result">
          <Differences result={result} />
          <Suspense fallback={null}>
            <DifferenceMap result={result} />
          </Suspense>
        </div>
      )}
      <div className="card">
        <h3>{words.whatIf.inShadow}</h3>
        {shadow.length > 0 ? (
          <AlertRows alerts={shadow} />
        ) : (
          <p className="page-empty">{words.whatIf.noShadow}</p>
        )}
      </div>
    </PageFrame>
  );
}

/** A rule as a whole is tried by taking it out, or run in shadow by its mode. */
function settingOf(
  { scope, scopeId, rule, parameter, value }: Draft,
  mode: 'live' | 'shadow',
): AmendmentDraft {
  const about = { scope, ...(scope === 'platform' ? {} : { scopeId }), rule };
  if (parameter === WHOLE_RULE) return { ...about, mode: mode === 'live' ? 'off' : 'shadow' };
  return { ...about, parameter, value: value.trim(), mode };
}
