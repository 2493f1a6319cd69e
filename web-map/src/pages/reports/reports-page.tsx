import '../registers/registers-page.css';
import './reports-page.css';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n/language.ts';
import type { PageProps } from '../../shell/page.ts';
import { go, place } from '../../state/place.ts';
import { useStore } from '../../state/store.ts';
import { PageFrame } from '../page-frame.tsx';
import { Indicators } from './indicators.tsx';
import { Dangers, Gates, Leads, Trouble, Violations } from './lists.tsx';
import { chinaDay } from './report-card.tsx';

const TABS = ['trouble', 'indicators', 'violations', 'leads', 'dangers', 'gates'] as const;
type Tab = (typeof TABS)[number];
const DAY_MS = 86_400_000;

/** What police, transport and education look at: what is wrong now, and what they are rated by. */
export function ReportsPage({ session }: PageProps) {
  const { words } = useWords();
  const { rest } = useStore(place);
  const today = chinaDay(Date.now());
  const [span, setSpan] = useState({ from: chinaDay(Date.now() - 29 * DAY_MS), to: today });
  // Who is suspected is the authorities' to know.
  const tabs = TABS.filter((one) => one !== 'leads' || session.can.hold);
  const tab: Tab = tabs.find((one) => one === rest[0]) ?? 'trouble';
  const asked = { span, onSpan: setSpan };
  return (
    <PageFrame title={words.reports.title} intro={words.reports.intro}>
      <div className="rows-scroll">
        <Segmented<Tab>
          value={tab}
          aria-label={words.reports.title}
          onChange={(next) => go({ page: 'reports', rest: [next] })}
          options={tabs.map((one) => ({ value: one, label: words.reports.tabs[one] }))}
        />
      </div>
      {tab === 'trouble' && <Trouble />}
      {tab === 'indicators' && <Indicators {...asked} />}
      {tab === 'violations' && <Violations today={today} />}
      {tab === 'leads' && <Leads {...asked} />}
      {tab === 'dangers' && <Dangers {...asked} />}
      {tab === 'gates' && <Gates {...asked} />}
    </PageFrame>
  );
}
