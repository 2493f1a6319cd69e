import type { ReactNode } from 'react';
import { useWords } from '../../i18n/language.ts';

export interface Column<T> {
  readonly title: string;
  readonly number?: boolean;
  readonly of: (row: T) => ReactNode;
}

/** A table of a report; on a phone each row is a block of its own. */
export function Table<T>(props: {
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly columns: readonly Column<T>[];
  readonly empty?: string;
}) {
  const { rows, keyOf, columns, empty } = props;
  const { words } = useWords();
  if (rows.length === 0) return <p className="page-empty">{empty ?? words.reports.nothing}</p>;
  return (
    <div className="rows-scroll">
      <table className="rows">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title}>{column.title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.title} data-label={column.title} className={column.number ? 'number' : ''}>
                  {column.of(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
