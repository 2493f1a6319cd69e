import { fnv1a } from '../../judge/finding-id.ts';
import { quoted } from '../problems.ts';
import type { Row } from '../table.ts';

/** The row's own id, or one made of what it says; that it is the only one of that name is seen to. */
export function rowIds<C extends string>(columns: readonly C[]): (row: Row<C | 'id'>) => string {
  const taken = new Set<string>();
  return (row) => {
    const given = row.text('id');
    const id = given || contentId(columns.map((column) => row.text(column)));
    if (taken.has(id)) {
      row.fail('id', given ? `${quoted(id)} is in the file twice` : 'the same row is in the file twice');
    }
    taken.add(id);
    return id;
  };
}

/** The id of a row that has none of its own, by the cells that make it what it is. */
export const contentId = (cells: readonly string[]): string => `r-${fnv1a(cells.join('\n'), 0x811c9dc5)}`;
