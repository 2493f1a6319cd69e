import './replay-page.css';
import { Button, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { ReplayView } from '../../../../services/api/contract.ts';
import type { Fault } from '../../api/client.ts';
import { deskApi, trackHref } from '../../api/desk.ts';
import { faultText } from '../../api/fault-text.ts';
import { serverNow } from '../../clock.ts';
import { useWords } from '../../i18n/language.ts';
import { place, replacePlace } from '../../state/place.ts';
import { register } from '../../state/plan.ts';
import { useStore } from '../../state/store.ts';
import { PageFrame } from '../page-frame.tsx';
import { ReplayPlayer } from './replay-player.tsx';

const HOUR_MS = 3_600_000;
const LONGEST_MS = 48 * HOUR_MS;
const CHINA_MS = 8 * HOUR_MS;

/** As the field of a form has it: the clock of China, whatever the viewer's. */
const fieldOf = (iso: string): string => new Date(Date.parse(iso) + CHINA_MS).toISOString().slice(0, 19);
const isoOf = (field: string): string => `${field.length === 16 ? `${field}:00` : field}+08:00`;

/** Any bus, any time. Which and when is in the address, so that a replay can be sent to somebody. */
export function ReplayPage() {
  const { words } = useWords();
  const buses = useStore(register);
  const { rest, query } = useStore(place);
  const vehicle = rest[0] ?? '';
  const [now] = useState(() => serverNow());
  const from = query.from ?? new Date(now - HOUR_MS).toISOString();
  const to = query.to ?? new Date(now).toISOString();
  const [chosen, setChosen] = useState({ vehicle, from: fieldOf(from), to: fieldOf(to) });
  const [replay, setReplay] = useState<ReplayView | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const length = Date.parse(isoOf(chosen.to)) - Date.parse(isoOf(chosen.from));
  const fits = chosen.vehicle !== '' && length > 0 && length <= LONGEST_MS;

  useEffect(() => {
    if (vehicle === '') return;
    let wanted = true;
    setBusy(true);
    void deskApi.replay(vehicle, from, to).then((answer) => {
      if (!wanted) return;
      setBusy(false);
      setFault(answer.ok ? null : answer.fault);
      setReplay(answer.ok ? answer.value : null);
    });
    return () => {
      wanted = false;
    };
  }, [vehicle, from, to]);

  const show = () =>
    replacePlace({
      rest: [chosen.vehicle],
      query: { from: isoOf(chosen.from), to: isoOf(chosen.to) },
    });
  return (
    <PageFrame title={words.replay.title} intro={words.replay.intro}>
      <form
        className="replay-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) show();
        }}
      >
        <label htmlFor="replay-bus">
          {words.replay.bus}
          <Select
            id="replay-bus"
            showSearch={{ optionFilterProp: 'label' }}
            style={{ minWidth: 170 }}
            value={chosen.vehicle || null}
            onChange={(value) => setChosen({ ...chosen, vehicle: value ?? '' })}
            options={[...buses.values()].map(({ id, plate }) => ({ value: id, label: plate || id }))}
          />
        </label>
        {(['from', 'to'] as const).map((end) => (
          <label key={end}>
            {words.replay[end]}
            <input
              type="datetime-local"
              step={1}
              required
              value={chosen[end]}
              onChange={(event) => setChosen({ ...chosen, [end]: event.target.value })}
            />
          </label>
        ))}
        <Button type="primary" htmlType="submit" disabled={!fits} loading={busy}>
          {words.replay.load}
        </Button>
      </form>
      {length > LONGEST_MS && <p className="page-fault">{words.replay.span}</p>}
      {fault && (
        <p className="page-fault" role="alert">
          {faultText(fault, words)}
        </p>
      )}
      {replay &&
        (replay.fixes.length === 0 ? (
          <p className="page-empty">{words.replay.empty}</p>
        ) : (
          <>
            <ReplayPlayer key={`${replay.vehicle} ${replay.from}`} replay={replay} />
            <p className="replay-links">
              {words.replay.export}{' '}
              {['gpx', 'geojson', 'csv'].map((format) => (
                <a key={format} href={trackHref(replay.vehicle, replay.from, replay.to, format)} download>
                  {format.toUpperCase()}{' '}
                </a>
              ))}
            </p>
          </>
        ))}
    </PageFrame>
  );
}
