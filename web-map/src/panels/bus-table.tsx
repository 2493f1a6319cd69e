import './bus-table.css';
import { Input } from 'antd';
import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { finderOf } from '../fleet/search.ts';
import { useWords } from '../i18n/language.ts';
import { EmptyNote } from '../parts/empty-note.tsx';
import { alerts } from '../state/alerts.ts';
import { type BusRow, busRows } from '../state/bus-rows.ts';
import { fleetFilter } from '../state/filter.ts';
import { fleetVersion } from '../state/fleet.ts';
import { fleetLoaded } from '../state/monitor.ts';
import { plan, register } from '../state/plan.ts';
import { useStore } from '../state/store.ts';
import { useNarrow } from '../theme/theme.ts';
import { type BusColumn, columnsFor } from './bus-columns.tsx';
import { arranged, type Sorting } from './bus-order.ts';
import { FleetFilterButton } from './fleet-filter.tsx';

const ROW_PX = 40;
/** Rows beyond the window, so that scrolling finds them there. */
const SPARE = 6;
/** Rows that move about under the eyes are worse than rows a moment old. */
const ARRANGE_EVERY = 3;

/** Every bus as a row: all that the map shows, for eyes, screen readers and keyboards alike. Only rows in view are made. */
export function BusTable() {
  const { words } = useWords();
  const narrow = useNarrow();
  const version = useStore(fleetVersion);
  const known = useStore(register);
  const { geometry } = useStore(plan);
  const filter = useStore(fleetFilter);
  const { byBus } = useStore(alerts);
  const loaded = useStore(fleetLoaded);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query);
  const [sorting, setSorting] = useState<Sorting>({ by: 'plate', down: false });
  const columns = useMemo(() => columnsFor(words, narrow), [words, narrow]);
  const every = Math.floor(version / ARRANGE_EVERY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fleet is a plain map; its version tells of changes
  const rows = useMemo(() => busRows(), [every, known, geometry]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: states change with the fleet's version
  const found = useMemo(() => {
    const isHit = finderOf(wanted);
    const hits = wanted.trim() === '' ? rows : rows.filter((row) => isHit(row.text));
    return arranged(hits, filter, sorting);
  }, [rows, wanted, filter, sorting, every, byBus]);

  const heads = columns.map((column) => (
    <Head key={column.key} column={column} sorting={sorting} onSort={setSorting} />
  ));
  return (
    <section className="bus-table" id="buses" aria-label={words.table.label}>
      <div className="bus-table-head">
        <h1>{words.table.label}</h1>
        <span className="count-badge" role="status" data-testid="bus-count">
          {words.fleet.list.rows(found.length, rows.length)}
        </span>
        <FleetFilterButton />
        <Input.Search
          className="bus-table-search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder={words.search.placeholder}
          aria-label={words.search.label}
          allowClear
        />
      </div>
      <p className="unseen" id="bus-table-hint">
        {words.fleet.list.hint}
      </p>
      <Rows rows={found} columns={columns} heads={heads}>
        {found.length === 0 &&
          (!loaded ? (
            <p className="bus-table-wait" role="status">
              {words.loading.page}
            </p>
          ) : rows.length > 0 ? (
            <EmptyNote title={words.empty.noMatchTitle} text={words.empty.noMatchText} />
          ) : (
            <EmptyNote title={words.empty.noBusesTitle} text={words.empty.noBusesText} />
          ))}
      </Rows>
    </section>
  );
}

interface HeadProps {
  column: BusColumn;
  sorting: Sorting;
  onSort: (next: Sorting) => void;
}

function Head({ column, sorting, onSort }: HeadProps) {
  const { words } = useWords();
  const own = sorting.by === column.key;
  return (
    <th scope="col" aria-sort={own ? (sorting.down ? 'descending' : 'ascending') : undefined}>
      {column.sorts ? (
        <button
          type="button"
          title={words.fleet.list.sortBy(column.title)}
          onClick={() => onSort({ by: column.key, down: own && !sorting.down })}
        >
          {column.title}
          <i aria-hidden="true">{own ? (sorting.down ? '▾' : '▴') : ''}</i>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

interface RowsProps {
  rows: readonly BusRow[];
  columns: readonly BusColumn[];
  heads: ReactNode;
  children: ReactNode;
}

function Rows({ rows, columns, heads, children }: RowsProps) {
  const { words } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [current, setCurrent] = useState<string | null>(null);
  const toFocus = useRef<string | null>(null);
  useStore(fleetVersion);
  useEffect(() => {
    const element = scroller.current!;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / ROW_PX) - SPARE);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW_PX) + SPARE);
  const shown = rows.slice(first, last).map((row, i) => ({ row, index: first + i }));
  // The row that has the focus stays in the page when it is scrolled away, or the focus would be lost with it.
  const kept = current === null ? -1 : rows.findIndex(({ vehicle }) => vehicle === current);
  if (kept >= 0 && (kept < first || kept >= last)) shown.push({ row: rows[kept]!, index: kept });
  shown.sort((a, b) => a.index - b.index);
  useLayoutEffect(() => {
    if (toFocus.current === null) return;
    const button = scroller.current?.querySelector<HTMLElement>(
      `[data-vehicle="${CSS.escape(toFocus.current)}"]`,
    );
    toFocus.current = null;
    button?.focus({ preventScroll: true });
  });

  const goTo = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    const element = scroller.current;
    if (!row || !element) return;
    const top = rows.indexOf(row) * ROW_PX;
    const room = element.clientHeight - ROW_PX * 2;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + room) element.scrollTop = top - room;
    toFocus.current = row.vehicle;
    setCurrent(row.vehicle);
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / ROW_PX) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const here = kept < 0 ? first : kept;
    if (event.key in steps) goTo(here + steps[event.key]!);
    else if (event.key === 'Home') goTo(0);
    else if (event.key === 'End') goTo(rows.length - 1);
    else return;
    event.preventDefault();
  };
  const tabStop = Math.max(kept, 0);
  const gapTo = (place: number) => {
    const before = shown[place - 1];
    return ((shown[place]?.index ?? rows.length) - (before ? before.index + 1 : 0)) * ROW_PX;
  };
  return (
    <div ref={scroller} className="bus-rows" data-testid="bus-rows">
      <table
        aria-label={words.table.label}
        aria-describedby="bus-table-hint"
        aria-rowcount={rows.length + 1}
        style={{ minWidth: columns.reduce((sum, { width }) => sum + width, 0) }}
      >
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>{heads}</tr>
        </thead>
        <tbody onKeyDown={press}>
          {shown.map(({ row, index }, place) => (
            <Fragment key={row.vehicle}>
              <Gap height={gapTo(place)} columns={columns.length} />
              <tr aria-rowindex={index + 2} onFocus={() => setCurrent(row.vehicle)}>
                {columns.map(({ key, number, Cell }) => (
                  <td key={key} className={number ? 'number' : undefined}>
                    <Cell row={row} reachable={index === tabStop} />
                  </td>
                ))}
              </tr>
            </Fragment>
          ))}
          <Gap height={gapTo(shown.length)} columns={columns.length} />
        </tbody>
      </table>
      {children}
    </div>
  );
}

/** Stands for rows that are not made, so that the scroll bar knows of them. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can have the focus
    <tr className="bus-gap" aria-hidden="true">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
