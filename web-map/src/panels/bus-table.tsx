import './bus-table.css';
import { Input, Table, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { serverNow } from '../clock.ts';
import { lookOf } from '../fleet/bus-state.ts';
import { isFound } from '../fleet/search.ts';
import { useWords } from '../i18n/language.ts';
import { PositionAge } from '../parts/age.tsx';
import { BusStatus, delayText } from '../parts/bus-status.tsx';
import { EmptyNote } from '../parts/empty-note.tsx';
import { alerts } from '../state/alerts.ts';
import { type BusRow, busRows } from '../state/bus-rows.ts';
import { fleetVersion } from '../state/fleet.ts';
import { fleetLoaded } from '../state/monitor.ts';
import { register } from '../state/plan.ts';
import { selectBus } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { wholeNumber } from '../text/time.ts';
import { useNarrow } from '../theme/theme.ts';

const PAGE = 50;

/** Every bus as a row: all that the map shows, for eyes, screen readers and keyboards alike. */
export function BusTable() {
  const { words } = useWords();
  const version = useStore(fleetVersion);
  const known = useStore(register);
  const loaded = useStore(fleetLoaded);
  const [query, setQuery] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fleet is a plain map; its version tells of changes
  const rows = useMemo(() => busRows(), [version, known]);
  const columns = useColumns();
  const found = rows.filter((row) => isFound(row, query));
  return (
    <section className="bus-table" id="buses" aria-label={words.table.label}>
      <div className="bus-table-head">
        <h2>{words.table.label}</h2>
        <span className="count-badge">{rows.length}</span>
        <Input.Search
          className="bus-table-search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder={words.search.placeholder}
          aria-label={words.search.label}
          allowClear
        />
      </div>
      <Table<BusRow>
        rowKey="vehicle"
        size="small"
        columns={columns}
        dataSource={found}
        loading={!loaded}
        scroll={{ x: widthOf(columns), y: 'calc(100dvh - 180px)' }}
        pagination={{ pageSize: PAGE, hideOnSinglePage: true, showSizeChanger: false }}
        locale={{
          emptyText: query ? (
            <EmptyNote title={words.empty.noMatchTitle} text={words.empty.noMatchText} />
          ) : (
            <EmptyNote title={words.empty.noBusesTitle} text={words.empty.noBusesText} />
          ),
        }}
      />
    </section>
  );
}

function useColumns(): TableColumnsType<BusRow> {
  const { words, language } = useWords();
  const narrow = useNarrow();
  return useMemo(() => {
    const all: TableColumnsType<BusRow> = [
      {
        key: 'plate',
        width: 120,
        title: words.table.plate,
        render: (_, row) => (
          <button
            type="button"
            className="row-open"
            onClick={() => selectBus(row.vehicle)}
            aria-label={words.table.open(row.plate ?? row.vehicle)}
          >
            {row.plate || row.vehicle}
          </button>
        ),
      },
      {
        key: 'state',
        width: narrow ? 130 : 170,
        title: words.table.state,
        sorter: (a, b) => rank(a) - rank(b),
        render: (_, row) => (row.position ? <BusStatus position={row.position} /> : words.bus.noPosition),
      },
      {
        key: 'age',
        width: narrow ? 120 : 140,
        title: words.table.age,
        sorter: (a, b) => time(b) - time(a),
        render: (_, row) => (row.position ? <PositionAge time={row.position.time} /> : '–'),
      },
      { key: 'vehicle', width: 110, title: words.table.vehicle, dataIndex: 'vehicle' },
      { key: 'route', width: 200, title: words.table.route, render: (_, row) => row.routeName ?? '–' },
      { key: 'driver', width: 100, title: words.table.driver, render: (_, row) => row.driver ?? '–' },
      {
        key: 'speed',
        width: 100,
        title: words.table.speed,
        align: 'right',
        sorter: (a, b) => (a.position?.speedKmh ?? -1) - (b.position?.speedKmh ?? -1),
        render: (_, row) => {
          const speed = row.position?.speedKmh;
          return speed === undefined || speed === null
            ? '–'
            : `${wholeNumber(language, speed)} ${words.bus.kmh}`;
        },
      },
      {
        key: 'next',
        width: 170,
        title: words.table.nextStop,
        render: (_, row) => row.position?.run?.nextStopName ?? '–',
      },
      {
        key: 'delay',
        width: 130,
        title: words.table.delay,
        sorter: (a, b) => (a.position?.run?.delayS ?? 0) - (b.position?.run?.delayS ?? 0),
        render: (_, row) => {
          const delay = row.position?.run?.delayS;
          return delay === undefined || delay === null ? '–' : delayText(delay, words);
        },
      },
    ];
    return narrow ? all.slice(0, 3) : all;
  }, [words, language, narrow]);
}

/** Of all columns; every one has its own, so that head and rows stay in line while ages tick. */
function widthOf(columns: TableColumnsType<BusRow>): number {
  return columns.reduce((sum, column) => sum + Number(column.width ?? 0), 0);
}

const ORDER = ['alertP1', 'alertP2', 'alertP3', 'late', 'onRoute', 'stopped', 'offDuty', 'noFix', 'stale'];

function rank(row: BusRow): number {
  if (!row.position) return ORDER.length;
  return ORDER.indexOf(lookOf(row.position, alerts.get().byBus.get(row.vehicle) ?? null, serverNow()).state);
}

function time(row: BusRow): number {
  return row.position ? Date.parse(row.position.time) : 0;
}
