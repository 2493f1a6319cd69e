import { useEffect, useState } from 'react';
import type { FamilyRunsView } from '../../../services/api/contract.ts';
import type {
  ConsentView,
  FamilySettings,
  FamilySettingsView,
  LookView,
} from '../../../services/api/family-contract.ts';
import { usePocketWords } from '../pocket/sign-in.tsx';
import { dayAndTime } from '../text/time.ts';
import { familyApi } from './family-api.ts';
import { useFamilyWords } from './family-language.ts';
import { subscribeToPush } from './push.ts';

export function SettingsPage(props: {
  childrenOf: FamilyRunsView['children'];
  onBack(): void;
  onOut(): void;
}) {
  const { words } = useFamilyWords();
  const { words: common } = usePocketWords();
  return (
    <>
      <header className="bar">
        <button type="button" className="plain-button" onClick={props.onBack}>
          ‹ {words.back}
        </button>
        <h1>{words.settings}</h1>
      </header>
      <main className="family">
        <Notices />
        <PushHere />
        <Consents />
        <Looks childrenOf={props.childrenOf} />
        <button type="button" className="big-button" onClick={props.onOut}>
          {common.signOut}
        </button>
      </main>
    </>
  );
}

function Notices() {
  const { words } = useFamilyWords();
  const { words: common } = usePocketWords();
  const [view, setView] = useState<FamilySettingsView | null>(null);
  const [failed, setFailed] = useState(false);
  const [says, setSays] = useState('');
  useEffect(() => {
    void familyApi.settings().then((answer) => {
      if (answer.ok) setView(answer.value);
      else setFailed(true);
    });
  }, []);
  if (!view) return <p className="quiet">{failed ? common.unreachable : common.loading}</p>;
  const { settings, choices } = view;
  const save = async (change: Partial<FamilySettings>) => {
    setView({ ...view, settings: { ...settings, ...change } });
    const answer = await familyApi.saveSettings({ ...settings, ...change });
    setSays(answer.ok ? words.saved : words.failed);
    if (answer.ok) setView(answer.value);
  };
  const numbers = (name: 'minutesBefore' | 'stopsBefore', offered: readonly number[]) => (
    <label className="row">
      <span>{words[name]}</span>
      <select
        value={settings[name] ?? ''}
        onChange={(event) => {
          const value = event.target.value === '' ? null : Number(event.target.value);
          void save({ [name]: value } as Partial<FamilySettings>);
        }}
      >
        <option value="">{words.never}</option>
        {offered.map((n) => (
          <option key={n} value={n}>
            {n}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section className="panel">
      <h2>{words.notices}</h2>
      {numbers('minutesBefore', choices.minutesBefore)}
      {numbers('stopsBefore', choices.stopsBefore)}
      {Object.entries(settings.notices).map(([name, on]) => (
        <label key={name} className="row">
          <span>{words.kinds[name] ?? name}</span>
          <input
            type="checkbox"
            checked={on}
            onChange={(event) =>
              void save({ notices: { ...settings.notices, [name]: event.target.checked } })
            }
          />
        </label>
      ))}
      <label className="row">
        <span>{words.quiet}</span>
        <input
          type="checkbox"
          checked={settings.quiet !== null}
          onChange={(event) =>
            void save({ quiet: event.target.checked ? { from: '22:00', to: '06:00' } : null })
          }
        />
      </label>
      {settings.quiet && (
        <div className="row">
          <label>
            {words.quietFrom}{' '}
            <input
              type="time"
              value={settings.quiet.from}
              onChange={(event) =>
                settings.quiet &&
                event.target.value &&
                void save({ quiet: { ...settings.quiet, from: event.target.value } })
              }
            />
          </label>
          <label>
            {words.quietTo}{' '}
            <input
              type="time"
              value={settings.quiet.to}
              onChange={(event) =>
                settings.quiet &&
                event.target.value &&
                void save({ quiet: { ...settings.quiet, to: event.target.value } })
              }
            />
          </label>
        </div>
      )}
      <p className="quiet">{words.quietNote}</p>
      <label className="row">
        <span>{words.noticeLanguage}</span>
        <select
          value={settings.language}
          onChange={(event) => void save({ language: event.target.value === 'en' ? 'en' : 'zh' })}
        >
          <option value="zh">中文</option>
          <option value="en">English</option>
        </select>
      </label>
      <p role="status" className="quiet">
        {says}
      </p>
    </section>
  );
}

function PushHere() {
  const { words } = useFamilyWords();
  const [state, setState] = useState<'off' | 'on' | 'denied' | 'missing' | 'busy'>('off');
  const start = async () => {
    setState('busy');
    setState(await subscribeToPush());
  };
  return (
    <section className="panel">
      <h2>{words.push}</h2>
      {state === 'on' && <p>{words.pushIsOn}</p>}
      {state === 'denied' && <p>{words.pushDenied}</p>}
      {state === 'missing' && <p>{words.pushMissing}</p>}
      {(state === 'off' || state === 'busy') && (
        <button type="button" className="big-button" disabled={state === 'busy'} onClick={() => void start()}>
          {words.pushOn}
        </button>
      )}
    </section>
  );
}

function Consents() {
  const { words, language } = useFamilyWords();
  const [items, setItems] = useState<readonly ConsentView[]>([]);
  useEffect(() => {
    void familyApi.consents(language).then((answer) => answer.ok && setItems(answer.value.items));
  }, [language]);
  const say = async ({ purpose, version }: ConsentView, granted: boolean) => {
    const answer = await familyApi.consent({ purpose, version, granted, language });
    if (answer.ok) setItems(answer.value.items);
  };
  return (
    <section className="panel">
      <h2>{words.consents}</h2>
      {items.map((item) => (
        <div key={item.purpose} className="consent">
          <p>{item.text}</p>
          {item.state === 'granted' && item.at !== null && (
            <p className="quiet">{words.agreed(dayAndTime(language, item.at))}</p>
          )}
          <button
            type="button"
            className="big-button"
            onClick={() => void say(item, item.state !== 'granted')}
          >
            {item.state === 'granted' ? words.withdraw : words.agree}
          </button>
        </div>
      ))}
    </section>
  );
}

function Looks({ childrenOf }: { childrenOf: FamilyRunsView['children'] }) {
  const { words, language } = useFamilyWords();
  const [looks, setLooks] = useState<readonly { rider: string; items: readonly LookView[] }[]>([]);
  const riders = childrenOf.map(({ rider }) => rider).join(' ');
  useEffect(() => {
    const asked = riders.split(' ').filter((rider) => rider !== '');
    void Promise.all(
      asked.map(async (rider) => {
        const answer = await familyApi.accessLog(rider);
        return { rider, items: answer.ok ? answer.value.items.slice(0, 20) : [] };
      }),
    ).then(setLooks);
  }, [riders]);
  return (
    <section className="panel">
      <h2>{words.access}</h2>
      {looks.map(({ rider, items }) => (
        <div key={rider}>
          <h3>{childrenOf.find((child) => child.rider === rider)?.name}</h3>
          {items.length === 0 && <p className="quiet">{words.accessNone}</p>}
          <ol className="looks">
            {items.map((look) => (
              <li key={`${look.at} ${look.action}`}>
                <span className="quiet">{dayAndTime(language, look.at)}</span>{' '}
                {words.roles[look.who] ?? look.who} {words.actions[look.action] ?? look.action}
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}
