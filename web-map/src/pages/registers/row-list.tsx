import { Button, Input, Pagination } from 'antd';
import { useEffect, useState } from 'react';
import type { RegisterList, RegisterRow, RegisterRows } from '../../../../services/api/contract.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { registersApi } from '../../api/registers.ts';
import type { Dictionary } from '../../i18n/en.ts';
import { useWords } from '../../i18n/language.ts';
import { cellKind, dashed, LISTED } from './cells.ts';
import { RowEditor } from './row-editor.tsx';

const PAGE = 50;
/** A search waits until nothing was typed for so long. */
const PAUSE_MS = 250;

/** The rows of a register, a page at a time, each with the way into it. */
export function RowList(props: {
  readonly register: RegisterList['registers'][number];
  readonly role?: 'driver' | 'escort';
  /** Key of a row to open at once. */
  readonly first?: string | undefined;
}) {
  const { register, role, first } = props;
  const { words } = useWords();
  const [search, setSearch] = useState('');
  const [asked, setAsked] = useState({ search: '', page: 1, serial: 0 });
  const [rows, setRows] = useState<RegisterRows | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [open, setOpen] = useState<{ key: string | null } | null>(
    first === undefined ? null : { key: first },
  );

  useEffect(() => {
    if (search === asked.search) return;
    const timer = setTimeout(() => setAsked((was) => ({ ...was, search, page: 1 })), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [search, asked.search]);
  useEffect(() => {
    let wanted = true;
    const query = { search: asked.search, offset: (asked.page - 1) * PAGE, limit: PAGE, role };
    void registersApi.rows(register.name, query).then((answer) => {
      if (!wanted) return;
      setFault(answer.ok ? null : answer.fault);
      if (answer.ok) setRows(answer.value);
    });
    return () => {
      wanted = false;
    };
  }, [register.name, role, asked]);

  const columns = LISTED[register.name] ?? register.columns.slice(0, 8);
  const again = () => setAsked((was) => ({ ...was, serial: was.serial + 1 }));
  return (
    <div className="card">
      <div className="buttons">
        <Input.Search
          allowClear
          value={search}
          placeholder={words.registers.search}
          aria-label={words.registers.search}
          style={{ maxWidth: 280 }}
          onChange={(event) => setSearch(event.target.value)}
        />
        {register.mayAdd && (
          <Button type="primary" onClick={() => setOpen({ key: null })}>
            {words.registers.add}
          </Button>
        )}
        {(register.mayEdit || register.personal.length === 0) && (
          <Button href={registersApi.fileOf(register.name)} download>
            {words.registers.download}
          </Button>
        )}
        {rows && <span className="quiet">{words.registers.total(rows.total)}</span>}
      </div>
      {register.personal.length > 0 && <p className="page-intro">{words.registers.masked}</p>}
      {fault && (
        <p className="page-fault" role="alert">
          {faultText(fault, words)}
        </p>
      )}
      {!rows && !fault && <p className="page-empty">{words.loading.page}</p>}
      {rows && rows.items.length === 0 && <p className="page-empty">{words.registers.none}</p>}
      {rows && rows.items.length > 0 && (
        <div className="rows-scroll">
          <table className="rows">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column}>{words.registers.columns[column] ?? column}</th>
                ))}
                <th aria-label={words.registers.editShort} />
              </tr>
            </thead>
            <tbody>
              {rows.items.map((row) => (
                <tr key={row.key}>
                  {columns.map((column) => (
                    <td
                      key={column}
                      data-label={words.registers.columns[column] ?? column}
                      className={row.cells[column] ? 'clip' : 'blank'}
                    >
                      {said(register.name, column, row, words)}
                    </td>
                  ))}
                  <td className="acts">
                    <Button
                      size="small"
                      aria-label={words.registers.edit(row.key)}
                      onClick={() => setOpen({ key: row.key })}
                    >
                      {row.mayEdit ? words.registers.editShort : words.registers.readOnly}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows && rows.total > PAGE && (
        <Pagination
          style={{ marginTop: 12 }}
          current={asked.page}
          pageSize={PAGE}
          total={rows.total}
          showSizeChanger={false}
          onChange={(page) => setAsked((was) => ({ ...was, page }))}
        />
      )}
      {open && (
        <RowEditor
          register={register}
          rowKey={open.key}
          begin={role ? { role } : (BEGIN[register.name] ?? {})}
          onClose={() => setOpen(null)}
          onChanged={again}
        />
      )}
    </div>
  );
}

/** GTFS calls a bus 3. */
const BEGIN: { readonly [register: string]: { readonly [column: string]: string } } = {
  routes: { routeType: '3' },
  permits: { status: 'valid' },
};

function said(register: string, column: string, row: RegisterRow, words: Dictionary): string {
  const text = row.cells[column] ?? '';
  switch (cellKind(register, column).kind) {
    case 'day':
      return dashed(text);
    case 'exception':
      return words.registers.exceptions[text] ?? text;
    case 'options':
    case 'yesNo':
      return words.registers.options[text] ?? text;
    case 'shape':
      return text.length > 60 ? `${text.slice(0, 60)}…` : text;
    default:
      return text;
  }
}
