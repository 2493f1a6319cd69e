import type { ComponentType } from 'react';
import type { Dictionary } from '../i18n/en.ts';
import { useWords } from '../i18n/language.ts';
import { PositionAge } from '../parts/age.tsx';
import { BusStatus, delayText } from '../parts/bus-status.tsx';
import { type BusRow, positionOf } from '../state/bus-rows.ts';
import { selectBus } from '../state/selection.ts';
import { wholeNumber } from '../text/time.ts';

export interface CellProps {
  row: BusRow;
  /** Is this the row at which Tab enters the rows? */
  reachable: boolean;
}

export interface BusColumn {
  key: string;
  title: string;
  /** CSS pixels it has at least; what is left over is shared out. */
  width: number;
  sorts?: boolean;
  number?: boolean;
  Cell: ComponentType<CellProps>;
}

export function columnsFor(words: Dictionary, narrow: boolean): BusColumn[] {
  const { table } = words;
  const all: BusColumn[] = [
    { key: 'plate', title: table.plate, width: narrow ? 104 : 120, sorts: true, Cell: Plate },
    { key: 'state', title: table.state, width: 130, sorts: true, Cell: State },
    { key: 'age', title: table.age, width: narrow ? 104 : 120, sorts: true, Cell: Age },
    { key: 'vehicle', title: table.vehicle, width: 110, Cell: Vehicle },
    {
      key: 'route',
      title: table.route,
      width: 150,
      Cell: RouteName,
    },
    {
      key: 'school',
      title: words.fleet.list.school,
      width: 130,
      Cell: Schools,
    },
    { key: 'driver', title: table.driver, width: 80, Cell: Driver },
    { key: 'speed', title: table.speed, width: 92, sorts: true, number: true, Cell: Speed },
    {
      key: 'next',
      title: table.nextStop,
      width: 120,
      Cell: NextStop,
    },
    { key: 'delay', title: table.delay, width: 110, sorts: true, Cell: Delay },
  ];
  return narrow ? all.slice(0, 3) : all;
}

function Plate({ row, reachable }: CellProps) {
  const { words } = useWords();
  const name = row.plate || row.vehicle;
  return (
    <button
      type="button"
      className="row-open"
      tabIndex={reachable ? 0 : -1}
      onClick={() => selectBus(row.vehicle)}
      aria-label={words.table.open(name)}
      data-vehicle={row.vehicle}
    >
      {name}
    </button>
  );
}

function State({ row }: CellProps) {
  const { words } = useWords();
  const position = positionOf(row.vehicle);
  return position ? <BusStatus position={position} /> : words.bus.noPosition;
}

function Age({ row }: CellProps) {
  const position = positionOf(row.vehicle);
  return position ? <PositionAge time={position.time} /> : '–';
}

const Vehicle = ({ row }: CellProps) => row.vehicle;
const Driver = ({ row }: CellProps) => row.driver ?? '–';
const Schools = ({ row }: CellProps) => row.schoolNames.join('、') || '–';
const RouteName = ({ row }: CellProps) => positionOf(row.vehicle)?.run?.routeName ?? row.routeName ?? '–';
const NextStop = ({ row }: CellProps) => positionOf(row.vehicle)?.run?.nextStopName ?? '–';

function Speed({ row }: CellProps) {
  const { words, language } = useWords();
  const speed = positionOf(row.vehicle)?.speedKmh;
  if (speed === undefined || speed === null) return '–';
  return `${wholeNumber(language, speed)} ${words.bus.kmh}`;
}

function Delay({ row }: CellProps) {
  const { words } = useWords();
  const delay = positionOf(row.vehicle)?.run?.delayS;
  return delay === undefined || delay === null ? '–' : delayText(delay, words);
}
