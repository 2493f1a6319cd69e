import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/language.ts';

/** As much of JSON Schema as the requests of commands are written in. */
export interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly items?: FieldSchema;
  readonly properties?: { readonly [name: string]: FieldSchema };
  readonly required?: readonly string[];
}

export type Values = { readonly [field: string]: unknown };

/** Said of every command and asked elsewhere. */
const NOT_FIELDS: ReadonlySet<string> = new Set(['type', 'expiresInS']);

/** A form made of the schema of a request. */
export function SchemaForm({
  schema,
  values,
  change,
}: {
  schema: FieldSchema;
  values: Values;
  change(values: Values): void;
}) {
  const { words } = useWords();
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !NOT_FIELDS.has(name));
  return fields.map(([name, field]) => (
    <Field
      key={name}
      label={words.commands.fields[name] ?? name}
      field={field}
      value={values[name]}
      change={(value) => change(without({ ...values, [name]: value }))}
    />
  ));
}

interface FieldProps {
  label: string;
  field: FieldSchema;
  value: unknown;
  change(value: unknown): void;
}

function Field({ label, field, value, change }: FieldProps) {
  const { words } = useWords();
  const said = words.commands;
  const labelled = (input: ReactNode) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given
    <label className="schema-field">
      <span>{label}</span>
      {input}
    </label>
  );
  if (field.enum) {
    const options = field.enum.map((option) => ({ value: option, label: said.options[option] ?? option }));
    return labelled(
      <Select aria-label={label} value={value as string} options={options} onChange={change} />,
    );
  }
  if (field.type === 'boolean') {
    return (
      <Checkbox checked={value === true} onChange={(event) => change(event.target.checked)}>
        {label}
      </Checkbox>
    );
  }
  if (field.type === 'integer' || field.type === 'number') {
    const { minimum, maximum } = field;
    const limits = {
      ...(minimum !== undefined && { min: minimum }),
      ...(maximum !== undefined && { max: maximum }),
    };
    return labelled(
      <InputNumber
        {...limits}
        aria-label={label}
        value={value as number}
        onChange={(n) => change(n ?? undefined)}
      />,
    );
  }
  if (field.type === 'array') {
    return field.items?.type === 'object' ? (
      <Rows label={label} field={field} value={value} change={change} />
    ) : (
      labelled(<Lines label={label} field={field} value={value} change={change} />)
    );
  }
  if (field.format === 'date-time') {
    return labelled(
      <Input
        type="datetime-local"
        aria-label={label}
        onChange={(event) => change(event.target.value === '' ? undefined : `${event.target.value}:00+08:00`)}
      />,
    );
  }
  return labelled(
    <Input
      aria-label={label}
      value={(value as string) ?? ''}
      maxLength={field.maxLength ?? 200}
      onChange={(event) => change(event.target.value === '' ? undefined : event.target.value)}
    />,
  );
}

/** A list of words or numbers, one a line. */
function Lines({ label, field, change }: FieldProps) {
  const number = field.items?.type === 'integer';
  return (
    <Input.TextArea
      aria-label={label}
      autoSize={{ minRows: 2, maxRows: 6 }}
      onChange={(event) => {
        const lines = event.target.value.split('\n').map((line) => line.trim());
        const given = lines.filter((line) => line !== '');
        change(given.length === 0 ? undefined : number ? given.map(Number) : given);
      }}
    />
  );
}

/** A list of things of several fields each. */
function Rows({ label, field, value, change }: FieldProps) {
  const { words } = useWords();
  const said = words.commands;
  const rows = (value as readonly Values[] | undefined) ?? [];
  const replaced = (at: number, row: Values) => rows.map((other, i) => (i === at ? row : other));
  return (
    <fieldset className="schema-rows">
      <legend>{label}</legend>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
        <div key={i} className="schema-row">
          <SchemaForm schema={field.items ?? {}} values={row} change={(next) => change(replaced(i, next))} />
          <Button size="small" onClick={() => change(rows.filter((_, at) => at !== i))}>
            {said.removeRow}
          </Button>
        </div>
      ))}
      <Button size="small" onClick={() => change([...rows, {}])}>
        {said.addRow}
      </Button>
    </fieldset>
  );
}

/** Fields left empty are left out. */
function without(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Is everything there that the schema asks for? */
export function isComplete(schema: FieldSchema, values: Values): boolean {
  return (schema.required ?? []).every((name) => {
    if (NOT_FIELDS.has(name)) return true;
    const value = values[name];
    const { items } = schema.properties?.[name] ?? {};
    if (value === undefined) return items?.type === 'object';
    return (
      !Array.isArray(value) || !items?.properties || value.every((row) => isComplete(items, row as Values))
    );
  });
}

/** What is sent: lists that nobody filled are empty ones where the schema asks for a list. */
export function completed(schema: FieldSchema, values: Values): Values {
  const lists = (schema.required ?? []).filter((name) => schema.properties?.[name]?.type === 'array');
  return { ...Object.fromEntries(lists.map((name) => [name, []])), ...values };
}
