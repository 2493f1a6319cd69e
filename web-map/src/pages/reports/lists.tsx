import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { isOpen } from '../../alerts/alert-list.ts';
import { api } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { type GateView, type LeadView, reportsApi } from '../../api/reports.ts';
import { useWords } from '../../i18n/language.ts';
import { SeverityMark } from '../../parts/severity.tsx';
import { alerts } from '../../state/alerts.ts';
import { openPage } from '../../state/place.ts';
import { plan } from '../../state/plan.ts';
import { selectAlert } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { dayAndTime } from '../../text/time.ts';
import { LineChart } from './line-chart.tsx';
import { ReportCard, type Span, SpanAsk, useReport } from './report-card.tsx';
import { Table } from './table.tsx';

interface Asked {
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

/** Buses with a grave alert that is open, from what the console knows live. */
export function Trouble() {
  const { words, language } = useWords();
  const { byId } = useStore(alerts);
  const text = words.reports;
  const open = [...byId.values()]
    .filter((alert) => isOpen(alert) && alert.severity !== 'P3')
    .sort((a, b) =>
      a.severity === b.severity ? b.start.localeCompare(a.start) : a.severity.localeCompare(b.severity),
    );
  return (
    <div className="card">
      <p className="page-intro">{text.troubleIntro}</p>
      <Table
        rows={open}
        keyOf={(alert) => alert.id}
        empty={text.noTrouble}
        columns={[
          { title: text.columns.grade, of: (alert) => <SeverityMark severity={alert.severity} /> },
          { title: text.columns.bus, of: (alert) => alert.plate ?? alert.vehicle },
          { title: text.columns.rule, of: (alert) => words.rules[alert.rule] ?? alert.rule },
          { title: text.columns.route, of: (alert) => alert.routeShortName ?? '' },
          { title: text.columns.since, of: (alert) => dayAndTime(language, alert.start) },
          { title: text.columns.state, of: (alert) => text.states[alert.state] },
          {
            title: text.show,
            of: (alert) => (
              <Button
                size="small"
                aria-label={`${text.show}: ${alert.plate ?? alert.vehicle}`}
                onClick={() => {
                  selectAlert(alert.id, alert.vehicle);
                  openPage('map');
                }}
              >
                {text.show}
              </Button>
            ),
          },
        ]}
      />
    </div>
  );
}

export function Violations({ today }: { today: string }) {
  const { words, language } = useWords();
  const [month, setMonth] = useState(today.slice(0, 7));
  const query = { month };
  const { value, fault } = useReport(reportsApi.violations, query);
  const text = words.reports;
  return (
    <ReportCard
      intro={text.violationsIntro}
      name="violations"
      query={query}
      fault={fault}
      waiting={value === null}
      asks={
        <span className="ask">
          {text.month}
          <Input
            type="month"
            aria-label={text.month}
            value={month}
            style={{ width: 150 }}
            onChange={({ target }) => target.value && setMonth(target.value)}
          />
        </span>
      }
    >
      {value && (
        <>
          <Table
            rows={value.counts}
            keyOf={(row) => `${row.provider} ${row.rule}`}
            columns={[
              { title: text.columns.provider, of: (row) => row.provider },
              {
                title: text.columns.rule,
                of: (row) => words.rules[row.rule as keyof typeof words.rules] ?? row.rule,
              },
              { title: text.columns.count, number: true, of: (row) => row.total },
            ]}
          />
          {value.lines.length > 0 && (
            <Table
              rows={value.lines}
              keyOf={(row) => row.id}
              columns={[
                {
                  title: text.columns.time,
                  of: (row) => dayAndTime(language, new Date(row.time).toISOString()),
                },
                { title: text.columns.bus, of: (row) => row.plate },
                { title: text.columns.provider, of: (row) => row.provider },
                {
                  title: text.columns.rule,
                  of: (row) => words.rules[row.rule as keyof typeof words.rules] ?? row.rule,
                },
                { title: text.columns.grade, of: (row) => row.severity },
                { title: text.columns.what, of: (row) => row.what?.[language] ?? '' },
                { title: text.columns.state, of: (row) => text.states[row.state] ?? row.state },
              ]}
            />
          )}
        </>
      )}
    </ReportCard>
  );
}

export function Leads({ span, onSpan }: Asked) {
  const { words } = useWords();
  const { message } = App.useApp();
  const query = { ...span };
  const { value, fault, again } = useReport(reportsApi.leads, query);
  const text = words.reports;
  const review = async (lead: LeadView, outcome: string) => {
    const answer = await api.resolve(lead.id, outcome, null);
    if (answer.ok) void message.success(text.reviewed);
    else void message.error(faultText(answer.fault, words));
    again();
  };
  return (
    <ReportCard
      intro={text.leadsIntro}
      name="leads"
      query={query}
      fault={fault}
      waiting={value === null}
      asks={<SpanAsk span={span} onChange={onSpan} />}
    >
      {value && (
        <Table
          rows={value.items}
          keyOf={(lead) => lead.id}
          columns={[
            { title: text.columns.bus, of: (lead) => lead.vehicle },
            { title: text.columns.school, of: (lead) => lead.school },
            { title: text.columns.days, number: true, of: (lead) => lead.days },
            { title: text.columns.same, number: true, of: (lead) => lead.samePlaces },
            { title: text.columns.score, number: true, of: (lead) => lead.score },
            {
              title: text.columns.evidence,
              of: (lead) => (
                <details>
                  <summary>{lead.runs.length}</summary>
                  <ul className="faults">
                    {lead.runs.map((run) => (
                      <li key={`${run.date} ${run.gateAt}`}>
                        {text.runOf(run.date, run.gateAt.slice(11, 16), run.places)}
                      </li>
                    ))}
                  </ul>
                </details>
              ),
            },
            {
              title: text.columns.state,
              of: (lead) =>
                lead.state === 'resolved' ? (
                  text.states.resolved
                ) : (
                  <span className="buttons">
                    {Object.entries(text.outcomes).map(([outcome, label]) => (
                      <Button key={outcome} size="small" onClick={() => void review(lead, outcome)}>
                        {label}
                      </Button>
                    ))}
                  </span>
                ),
            },
          ]}
        />
      )}
    </ReportCard>
  );
}

export function Dangers({ span, onSpan }: Asked) {
  const { words } = useWords();
  const query = { ...span };
  const { value, fault } = useReport(reportsApi.dangers, query);
  const text = words.reports;
  return (
    <ReportCard
      intro={text.dangersIntro}
      name="danger-sections"
      query={query}
      fault={fault}
      waiting={value === null}
      asks={<SpanAsk span={span} onChange={onSpan} />}
    >
      {value && (
        <Table
          rows={value.items}
          keyOf={(row) => row.section}
          columns={[
            { title: text.columns.section, of: (row) => row.name || row.section },
            { title: text.columns.count, number: true, of: (row) => row.total },
            { title: text.columns.vehicles, number: true, of: (row) => row.vehicles },
            { title: text.columns.worst, of: (row) => row.worst ?? '—' },
            {
              title: text.columns.rule,
              of: (row) =>
                row.rules
                  .map(
                    ({ rule, total }) => `${words.rules[rule as keyof typeof words.rules] ?? rule} ${total}`,
                  )
                  .join(' · ') || '—',
            },
          ]}
        />
      )}
    </ReportCard>
  );
}

export function Gates({ span, onSpan }: Asked) {
  const { words } = useWords();
  const { geometry } = useStore(plan);
  const [school, setSchool] = useState('');
  const query = { ...span, school };
  const { value, fault } = useReport(reportsApi.gates, query);
  const text = words.reports;
  const named = new Map(
    (geometry?.schools.features ?? []).map(({ properties }) => [properties.id, properties.name]),
  );
  const schools = [...new Set((value?.items ?? []).map((row) => row.school))];
  return (
    <ReportCard
      intro={text.gatesIntro}
      name="gates"
      query={query}
      fault={fault}
      waiting={value === null}
      asks={
        <>
          <SpanAsk span={span} onChange={onSpan} />
          <span className="ask">
            {text.school}
            <Select
              value={school}
              aria-label={text.school}
              style={{ width: 220 }}
              onChange={setSchool}
              showSearch={{ optionFilterProp: 'label' }}
              options={[
                { value: '', label: text.all },
                ...[...named].map(([value, label]) => ({ value, label: String(label) })),
              ]}
            />
          </span>
        </>
      }
    >
      {value && schools.length === 0 && <p className="page-empty">{text.nothing}</p>}
      {schools.map((one) => (
        <Gate key={one} rows={(value?.items ?? []).filter((row) => row.school === one)} />
      ))}
    </ReportCard>
  );
}

function Gate({ rows }: { rows: readonly GateView[] }) {
  const { words } = useWords();
  const text = words.reports;
  const first = rows[0]?.quarter ?? 0;
  const quarters = Array.from({ length: (rows.at(-1)?.quarter ?? first) - first + 1 }, (_, i) => first + i);
  const at = (quarter: number) => rows.find((row) => row.quarter === quarter);
  return (
    <section style={{ marginTop: 18 }} aria-label={rows[0]?.name ?? ''}>
      <h3>{rows[0]?.name}</h3>
      <LineChart
        label={`${rows[0]?.name}: ${text.columns.perDay}, ${text.columns.mean}`}
        labels={quarters.map(clock)}
        series={[
          { name: text.columns.perDay, values: quarters.map((quarter) => at(quarter)?.perDay ?? 0) },
          { name: text.columns.mean, values: quarters.map((quarter) => at(quarter)?.meanMin ?? 0) },
        ]}
        percent={false}
      />
      <details>
        <summary>{text.columns.quarter}</summary>
        <Table
          rows={rows}
          keyOf={(row) => String(row.quarter)}
          columns={[
            { title: text.columns.quarter, of: (row) => `${clock(row.quarter)}–${clock(row.quarter + 1)}` },
            { title: text.columns.perDay, number: true, of: (row) => row.perDay },
            { title: text.columns.most, number: true, of: (row) => row.most },
            { title: text.columns.mean, number: true, of: (row) => row.meanMin },
            { title: text.columns.longest, number: true, of: (row) => row.longestMin },
            { title: text.columns.days, number: true, of: (row) => row.days },
          ]}
        />
      </details>
    </section>
  );
}

const clock = (quarter: number): string =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
