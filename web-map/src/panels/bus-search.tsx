import { SearchOutlined } from '@ant-design/icons';
import { AutoComplete, Input } from 'antd';
import { useState } from 'react';
import { finderOf } from '../fleet/search.ts';
import { useWords } from '../i18n/language.ts';
import { BusStatus } from '../parts/bus-status.tsx';
import { type BusRow, busRows, positionOf } from '../state/bus-rows.ts';
import { openBus } from '../state/open-bus.ts';

/** More than a screen of hits helps nobody. */
const MOST_HITS = 12;

export function BusSearch({ autoFocus, onDone }: { autoFocus?: boolean; onDone?: () => void }) {
  const { words } = useWords();
  const [query, setQuery] = useState('');
  const hits = query.trim() === '' ? [] : firstHits(query);
  return (
    <AutoComplete
      className="bus-search"
      value={query}
      onChange={setQuery}
      onSelect={(vehicle: string) => {
        openBus(vehicle);
        setQuery('');
        onDone?.();
      }}
      defaultActiveFirstOption
      options={hits.map((row) => ({ value: row.vehicle, label: <Hit row={row} /> }))}
      notFoundContent={query.trim() === '' ? null : words.search.none}
      autoFocus={autoFocus ?? false}
    >
      <Input
        prefix={<SearchOutlined aria-hidden="true" />}
        placeholder={words.search.placeholder}
        aria-label={words.search.label}
        allowClear
        maxLength={60}
      />
    </AutoComplete>
  );
}

function firstHits(query: string): BusRow[] {
  const isHit = finderOf(query);
  const hits: BusRow[] = [];
  for (const row of busRows()) {
    if (isHit(row.text)) hits.push(row);
    if (hits.length === MOST_HITS) break;
  }
  return hits;
}

function Hit({ row }: { row: BusRow }) {
  const position = positionOf(row.vehicle);
  return (
    <span className="search-hit">
      <strong>{row.plate ?? row.vehicle}</strong>
      <span>
        {[row.plate ? row.vehicle : null, row.routeShortName, row.driver, row.schoolNames[0]]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {position && <BusStatus position={position} />}
    </span>
  );
}
