import './registers-page.css';
import { Segmented } from 'antd';
import { useEffect, useState } from 'react';
import type { RegisterList } from '../../../../services/api/contract.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { registersApi } from '../../api/registers.ts';
import { useWords } from '../../i18n/language.ts';
import type { PageProps } from '../../shell/page.ts';
import { go, place } from '../../state/place.ts';
import { loadPlan } from '../../state/plan.ts';
import { useStore } from '../../state/store.ts';
import { ChangeHistory } from '../day/change-history.tsx';
import { PageFrame } from '../page-frame.tsx';
import { Expiring } from './expiring.tsx';
import { PlanFiles } from './plan-files.tsx';
import { RowList } from './row-list.tsx';
import { Terminals } from './terminals.tsx';

const TABS = [
  'vehicles',
  'permits',
  'drivers',
  'escorts',
  'terminals',
  'routes',
  'lines',
  'stops',
  'fences',
  'schools',
  'duties',
  'calendar',
  'calendar-dates',
  'expiring',
  'files',
  'history',
] as const;
type Tab = (typeof TABS)[number];

/** The registers of the plan: seen, changed, brought in and taken out. Which one is in the address. */
export function RegistersPage({ session }: PageProps) {
  const { words } = useWords();
  const { rest, query } = useStore(place);
  const [list, setList] = useState<RegisterList | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [serial, setSerial] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change calls for another look
  useEffect(() => {
    void registersApi.list().then((answer) => {
      setFault(answer.ok ? null : answer.fault);
      if (answer.ok) setList(answer.value);
    });
  }, [serial]);
  const changed = () => {
    setSerial((now) => now + 1);
    void loadPlan();
  };
  const terminals =
    session.user.role === 'admin' || session.user.role === 'transport' || session.user.role === 'provider';
  const tabs = TABS.filter((tab) => tab !== 'terminals' || terminals);
  const tab: Tab = tabs.find((one) => one === rest[0]) ?? 'vehicles';
  const name = tab === 'drivers' || tab === 'escorts' ? 'people' : tab;
  const register = list?.registers.find((one) => one.name === name);
  return (
    <PageFrame title={words.registers.title} intro={words.registers.intro}>
      <div className="rows-scroll">
        <Segmented<Tab>
          value={tab}
          aria-label={words.registers.title}
          onChange={(next) => go({ page: 'registers', rest: [next] })}
          options={tabs.map((one) => ({ value: one, label: words.registers.tabs[one] }))}
        />
      </div>
      {fault && (
        <p className="page-fault" role="alert">
          {faultText(fault, words)}
        </p>
      )}
      {!list && !fault && <p className="page-empty">{words.loading.page}</p>}
      {tab === 'expiring' && <Expiring />}
      {tab === 'terminals' && <Terminals />}
      {tab === 'files' && list && <PlanFiles mayMovePlans={list.mayMovePlans} onChanged={changed} />}
      {tab === 'history' && (
        <div className="card">
          <ChangeHistory version={String(serial)} onChanged={changed} />
        </div>
      )}
      {register && (
        <RowList
          key={`${tab} ${query.row ?? ''}`}
          register={register}
          {...(tab === 'drivers'
            ? { role: 'driver' as const }
            : tab === 'escorts'
              ? { role: 'escort' as const }
              : {})}
          first={query.row}
        />
      )}
    </PageFrame>
  );
}
