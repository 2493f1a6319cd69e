import { Select } from 'antd';
import { useState } from 'react';
import { type Figures, type Rate, reportsApi } from '../../api/reports.ts';
import { useWords } from '../../i18n/language.ts';
import { dayAndTime } from '../../text/time.ts';
import { LineChart } from './line-chart.tsx';
import { percent, ReportCard, type Span, SpanAsk, useReport } from './report-card.tsx';

const RATES: readonly Rate[] = [
  'connectedRate',
  'onlineRate',
  'completeRate',
  'qualifiedRate',
  'driftRate',
  'handlingRate',
  'mistakenRate',
];
const DRAWN = ['onlineRate', 'completeRate', 'qualifiedRate', 'handlingRate'] as const;
/** 道路运输车辆动态监督管理办法, Art. 35. */
const LEAST_HANDLED = 0.9;

/** The figures that supervision platforms are rated by: a row for each group, a line for each day. */
export function Indicators({ span, onSpan }: { span: Span; onSpan: (span: Span) => void }) {
  const { words, language } = useWords();
  const [by, setBy] = useState<'provider' | 'district' | 'school'>('provider');
  const query = { ...span, by };
  const { value, fault } = useReport(reportsApi.supervision, query);
  const { figures, meaning, groupings } = words.reports;
  const days = (value?.days ?? []).filter((day) => day.running || day.completeRate !== null);
  return (
    <ReportCard
      intro={words.reports.indicatorsIntro}
      name="supervision"
      query={query}
      fault={fault}
      waiting={value === null}
      asks={
        <>
          <SpanAsk span={span} onChange={onSpan} />
          <span className="ask">
            {words.reports.by}
            <Select
              value={by}
              aria-label={words.reports.by}
              style={{ width: 140 }}
              onChange={setBy}
              options={(['provider', 'district', 'school'] as const).map((one) => ({
                value: one,
                label: groupings[one],
              }))}
            />
          </span>
        </>
      }
    >
      {value && (
        <>
          <p className="page-intro">
            {value.asOf === null
              ? words.reports.notRolled
              : words.reports.asOf(dayAndTime(language, new Date(value.asOf).toISOString()))}
          </p>
          <div className="rows-scroll">
            <table className="rows" data-testid="indicators">
              <thead>
                <tr>
                  <th>{groupings[by]}</th>
                  <th>{figures.vehicles}</th>
                  {RATES.map((rate) => (
                    <th key={rate} title={meaning[rate]}>
                      {figures[rate]}
                    </th>
                  ))}
                  <th>{figures.alerts}</th>
                  <th>{figures.drivenKm}</th>
                </tr>
              </thead>
              <tbody>
                {value.groups.map((group) => (
                  <Row key={group.id} name={group.name} of={group} />
                ))}
                <Row name={words.reports.total} of={value.total} sum />
              </tbody>
            </table>
          </div>
          <h3 style={{ marginTop: 18 }}>{words.reports.daily}</h3>
          <LineChart
            label={words.reports.chart(DRAWN.map((rate) => figures[rate]).join(', '))}
            labels={days.map((day) => day.day.slice(5))}
            series={DRAWN.map((rate) => ({ name: figures[rate], values: days.map((day) => day[rate]) }))}
            percent
          />
          <ul className="faults">
            {RATES.map((rate) => (
              <li key={rate}>
                <strong>{figures[rate]}</strong> {meaning[rate]}
              </li>
            ))}
          </ul>
        </>
      )}
    </ReportCard>
  );
}

function Row({ name, of, sum = false }: { name: string; of: Figures; sum?: boolean }) {
  const { words } = useWords();
  const { figures } = words.reports;
  return (
    <tr className={sum ? 'row-sum' : ''}>
      <td>{name}</td>
      <td className="number" data-label={figures.vehicles}>
        {of.vehicles}
      </td>
      {RATES.map((rate) => (
        <td
          key={rate}
          data-label={figures[rate]}
          className={`number ${rate === 'handlingRate' && (of[rate] ?? 1) < LEAST_HANDLED ? 'row-low' : ''}`}
        >
          {percent(of[rate])}
        </td>
      ))}
      <td className="number" data-label={figures.alerts}>
        {of.alerts.P1} / {of.alerts.P2} / {of.alerts.P3}
      </td>
      <td className="number" data-label={figures.drivenKm}>
        {of.drivenKm}
      </td>
    </tr>
  );
}
