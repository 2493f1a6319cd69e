import { SearchOutlined } from '@ant-design/icons';
import { AutoComplete, Input } from 'antd';
import { useState } from 'react';
import { isFound } from '../fleet/search.ts';
import { useWords } from '../i18n/language.ts';
import { BusStatus } from '../parts/bus-status.tsx';
import { type BusRow, busRows } from '../state/bus-rows.ts';
import { openBus } from '../state/open-bus.ts';

/** More than a screen of hits helps nobody. */
const MOST_HITS = 12;

export function BusSearch({ autoFocus, onDone }: { autoFocus?: boolean; onDone?: () => void }) {
  const { words } = useWords();
  const [query, setQuery] = useState('');
  const hits =
    query.trim() === ''
      ? []
      : busRows()
          .filter((row) => isFound(row, query))
          .slice(0, MOST_HITS);
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

function Hit({ row }: { row: BusRow }) {
  return (
    <span className="search-hit">
      <strong>{row.plate ?? row.vehicle}</strong>
      <span>
        {[row.plate ? row.vehicle : null, row.routeShortName, row.driver].filter(Boolean).join(' · ')}
      </span>
      {row.position && <BusStatus position={row.position} />}
    </span>
  );
}
