import './day-page.css';
import { Segmented } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import type { AmendmentList as Rows, RunView } from '../../../../services/api/contract.ts';
import { type AmendmentResource, amendmentsApi } from '../../api/amendments.ts';
import { api, type Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import type { PageProps } from '../../shell/page.ts';
import { plan, register } from '../../state/plan.ts';
import { useStore } from '../../state/store.ts';
import { clockTime } from '../../text/time.ts';
import { PageFrame } from '../page-frame.tsx';
import { AmendmentForm } from './amendment-form.tsx';
import { AmendmentList } from './amendment-list.tsx';
import { ChangeHistory } from './change-history.tsx';

type Tab = AmendmentResource | 'history';

/** What is changed of the plan today: see it, add to it, end it, take it back. */
export function DayPage({ session }: PageProps) {
  const { words, language } = useWords();
  const { geometry } = useStore(plan);
  const buses = useStore(register);
  const ordered = ORDER.filter((resource) => session.can.amend.includes(resource));
  const [tab, setTab] = useState<Tab>(ordered[0] ?? 'history');
  const [rows, setRows] = useState<Rows | null>(null);
  const [runs, setRuns] = useState<readonly RunView[]>([]);
  const [fault, setFault] = useState<Fault | null>(null);
  const [serial, setSerial] = useState(0);
  const load = useCallback(() => setSerial((now) => now + 1), []);

  useEffect(() => {
    void api.runsOfToday().then((answer) => answer.ok && setRuns(answer.value.items));
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change calls for another look
  useEffect(() => {
    if (tab === 'history') return;
    let wanted = true;
    void amendmentsApi.list(tab).then((answer) => {
      if (!wanted) return;
      setFault(answer.ok ? null : answer.fault);
      setRows(answer.ok ? answer.value : null);
    });
    return () => {
      wanted = false;
    };
  }, [tab, serial]);

  const runName = (run: RunView) =>
    `${clockTime(language, run.start)} ${run.routeShortName} → ${run.headsign} (${run.trip})`;
  const trips = [
    ...new Map(runs.map((run) => [run.trip, { value: run.trip, label: runName(run) }])).values(),
  ];
  const nameOf = (field: string, value: string): string => {
    const feature = (of: 'routes' | 'schools') =>
      geometry?.[of].features.find(({ properties }) => properties.id === value)?.properties.name;
    if (field === 'routeId') return feature('routes') ?? value;
    if (field === 'schoolId') return feature('schools') ?? value;
    if (field === 'tripId') return trips.find((trip) => trip.value === value)?.label ?? value;
    if (field === 'value') return buses.get(value)?.plate ?? value;
    return value;
  };

  return (
    <PageFrame title={words.day.title} close={words.day.close}>
      <div className="rows-scroll">
        <Segmented
          value={tab}
          onChange={(next) => {
            setRows(null);
            setTab(next as Tab);
          }}
          options={[
            ...ordered.map((resource): { value: Tab; label: string } => ({
              value: resource,
              label: words.day.resources[resource],
            })),
            { value: 'history', label: words.day.history },
          ]}
        />
      </div>
      {fault && (
        <p className="page-fault" role="alert">
          {faultText(fault, words)}
        </p>
      )}
      {tab === 'history' ? (
        <div className="card">
          <ChangeHistory version={String(serial)} onChanged={load} />
        </div>
      ) : (
        <>
          <div className="card">
            <p className="page-intro">{words.day.intro[tab]}</p>
            <AmendmentForm key={tab} resource={tab} trips={trips} onAdded={load} />
          </div>
          <div className="card">
            <h3>{words.day.resources[tab]}</h3>
            {rows && <AmendmentList resource={tab} items={rows.items} nameOf={nameOf} onChanged={load} />}
          </div>
        </>
      )}
    </PageFrame>
  );
}

const ORDER: readonly AmendmentResource[] = [
  'dispatch',
  'orders',
  'detours',
  'excuses',
  'school-calendar',
  'rule-settings',
];
