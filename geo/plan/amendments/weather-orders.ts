import { readTable, type Table } from '../table.ts';
import { parseWktPolygon } from '../wkt.ts';
import { ORDER_KINDS, type WeatherOrder } from './amendments.ts';
import { type AmendmentReading, districtsOf } from './context.ts';
import { readSpan } from './instants.ts';
import { rowIds } from './row-id.ts';

export const ORDERS = {
  file: 'orders.csv',
  required: ['kind', 'from', 'to'],
  optional: ['id', 'limit_kmh', 'district', 'area', 'text', 'note'],
} as const satisfies Table<string>;

export const ORDERS_ID = [...ORDERS.required, 'district', 'area'] as const;

/** 校车安全管理条例 Art. 35. [L1-35] */
const LEGAL_KMH = 20;
/** Nobody orders more than this for bad weather. [D] */
const HIGHEST_KMH = 60;

export function readOrders({ source, context }: AmendmentReading): WeatherOrder[] {
  const orders: WeatherOrder[] = [];
  const idOf = rowIds(ORDERS_ID);
  const districts = districtsOf(context);
  readTable(source, ORDERS, (row) => {
    const wkt = row.text('area');
    const area = wkt === '' ? null : parseWktPolygon(wkt);
    if (typeof area === 'string') row.fail('area', area);
    for (const column of ['from', 'to'] as const) row.needed(column);
    orders.push({
      id: idOf(row),
      note: row.text('note'),
      kind: row.oneOf('kind', ORDER_KINDS, null),
      limitKmh: row.optionalInteger('limit_kmh', 5, HIGHEST_KMH) ?? LEGAL_KMH,
      district: row.optionalReference('district', districts, 'vehicles.csv or schools.csv'),
      area: typeof area === 'string' ? null : area,
      text: row.text('text'),
      ...readSpan(row, 'from', 'to', context.clock),
    });
  });
  return orders;
}
