import { Alert, App, Button, Form, Input, InputNumber, Modal, Popconfirm, Select, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import type { RegisterList, RegisterRow } from '../../../../services/api/contract.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { type Cells, registersApi } from '../../api/registers.ts';
import { ShapeField } from '../../draw/shape-field.tsx';
import type { Dictionary } from '../../i18n/en.ts';
import { useWords } from '../../i18n/language.ts';
import { cellKind, dashed } from './cells.ts';

type Register = RegisterList['registers'][number];
type Values = { readonly [column: string]: string | number | null | undefined };

/** One row, to be changed or added: only cells that were changed are sent, with the row as it was seen. */
export function RowEditor(props: {
  readonly register: Register;
  /** Null adds a row. */
  readonly rowKey: string | null;
  /** What a new row begins with. */
  readonly begin?: Values;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) {
  const { register, rowKey, begin = {}, onClose, onChanged } = props;
  const { words } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ cells: Values; note?: string }>();
  const [row, setRow] = useState<RegisterRow | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (rowKey === null) return;
    let wanted = true;
    void registersApi.row(register.name, rowKey).then((answer) => {
      if (!wanted) return;
      if (answer.ok) setRow(answer.value);
      else setFault(answer.fault);
    });
    return () => {
      wanted = false;
    };
  }, [register.name, rowKey]);

  const shown = (column: string): string => {
    const text = row?.cells[column] ?? '';
    return cellKind(register.name, column).kind === 'day' ? dashed(text) : text;
  };
  const initial = Object.fromEntries(
    register.columns.map((column) => [column, rowKey === null ? begin[column] : shown(column) || undefined]),
  );
  const save = async ({ cells, note = '' }: { cells: Values; note?: string }) => {
    const changed: Cells = Object.fromEntries(
      register.columns
        .map((column): [string, string | number | null] => [column, cells[column] ?? null])
        .filter(([column, value]) => String(value ?? '') !== (rowKey === null ? '' : shown(column))),
    );
    setBusy(true);
    const answer =
      row === null
        ? await registersApi.add(register.name, changed, note)
        : await registersApi.put(register.name, row, changed, note);
    setBusy(false);
    done(answer.ok ? null : answer.fault, words.registers.saved);
  };
  const remove = async () => {
    if (!row) return;
    setBusy(true);
    const answer = await registersApi.drop(register.name, row);
    setBusy(false);
    done(answer.ok ? null : answer.fault, words.registers.removed);
  };
  const done = (wrong: Fault | null, said: string) => {
    setFault(wrong);
    if (wrong) return;
    void message.success(said);
    onChanged();
    onClose();
  };
  const mayEdit = row === null ? rowKey === null : row.mayEdit;
  const loading = rowKey !== null && row === null && fault === null;
  return (
    <Modal
      open
      width={860}
      title={rowKey === null ? words.registers.add : words.registers.edit(rowKey)}
      onCancel={onClose}
      destroyOnHidden
      footer={[
        row?.mayEdit && (
          <Popconfirm
            key="remove"
            title={words.registers.removeSure}
            okText={words.registers.remove}
            cancelText={words.registers.cancel}
            onConfirm={() => void remove()}
          >
            <Button danger disabled={busy}>
              {words.registers.remove}
            </Button>
          </Popconfirm>
        ),
        <Button key="cancel" onClick={onClose}>
          {words.registers.cancel}
        </Button>,
        mayEdit && (
          <Button key="save" type="primary" loading={busy} onClick={() => form.submit()}>
            {words.registers.save}
          </Button>
        ),
      ]}
    >
      {fault && (
        <Alert
          type="error"
          showIcon
          role="alert"
          style={{ marginBottom: 12 }}
          title={words.registers.failed}
          description={isConflict(fault) ? words.registers.conflict : faultText(fault, words)}
        />
      )}
      {loading && <Skeleton active />}
      {(row !== null || rowKey === null) && (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          disabled={!mayEdit}
          initialValues={{ cells: initial }}
          onFinish={(values) => void save(values)}
        >
          <div className="fields">
            {register.columns.map((column) => (
              <Form.Item
                key={column}
                name={['cells', column]}
                label={words.registers.columns[column] ?? column}
                className={cellKind(register.name, column).kind === 'shape' ? 'wide' : ''}
                rules={
                  register.needed.includes(column)
                    ? [{ required: true, message: words.registers.needed }]
                    : []
                }
              >
                {inputOf(register.name, column, words)}
              </Form.Item>
            ))}
            <Form.Item name="note" label={words.registers.note} className="wide">
              <Input maxLength={400} />
            </Form.Item>
          </div>
        </Form>
      )}
    </Modal>
  );
}

const CONFLICT = 409;
const isConflict = (fault: Fault): boolean =>
  fault.kind === 'refused' && fault.status === CONFLICT && !fault.detail.startsWith('There is');

function inputOf(register: string, column: string, words: Dictionary) {
  const cell = cellKind(register, column);
  const named = (values: readonly string[], names: { readonly [value: string]: string }) =>
    values.map((value) => ({ value, label: names[value] ?? value }));
  switch (cell.kind) {
    case 'day':
      return <Input type="date" />;
    case 'number':
      return <InputNumber style={{ width: '100%' }} />;
    case 'yesNo':
      return <Select options={named(['1', '0'], words.registers.options)} />;
    case 'exception':
      return <Select options={named(['1', '2'], words.registers.exceptions)} />;
    case 'options':
      return <Select allowClear options={named(cell.options, words.registers.options)} />;
    case 'shape':
      return <ShapeField kinds={cell.kinds} form={cell.form} />;
    case 'text':
      return <Input maxLength={2_000} />;
  }
}
