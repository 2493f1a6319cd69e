import { App, Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { type AmendmentDraft, type AmendmentResource, amendmentsApi } from '../../api/amendments.ts';
import { faultText } from '../../api/fault-text.ts';
import { ShapeField } from '../../draw/shape-field.tsx';
import { useWords } from '../../i18n/language.ts';
import { plan } from '../../state/plan.ts';
import { useStore } from '../../state/store.ts';
import { FIELDS, type Field } from './fields.ts';

/** Adds a row: what it says goes into force as it is sent. */
export function AmendmentForm(props: {
  resource: AmendmentResource;
  trips: readonly { value: string; label: string }[];
  onAdded: () => void;
}) {
  const { resource, trips, onAdded } = props;
  const { words } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<AmendmentDraft>();
  const [busy, setBusy] = useState(false);
  const send = async (values: AmendmentDraft) => {
    setBusy(true);
    const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
    const answer = await amendmentsApi.add(resource, Object.fromEntries(filled));
    setBusy(false);
    if (!answer.ok) {
      void message.error(`${words.day.failed} ${faultText(answer.fault, words)}`);
      return;
    }
    void message.success(words.day.added);
    form.resetFields();
    onAdded();
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => void send(values)}>
      <div className="fields">
        {FIELDS[resource].map((field) => (
          <Form.Item
            key={field.name}
            name={field.name}
            label={words.day.fields[field.name]}
            className={WIDE.includes(field.kind) ? 'wide' : ''}
            rules={field.needed ? [{ required: true, message: words.day.required }] : []}
          >
            {inputOf(field, trips)}
          </Form.Item>
        ))}
      </div>
      <Button type="primary" htmlType="submit" loading={busy}>
        {words.day.add}
      </Button>
    </Form>
  );
}

const WIDE: readonly Field['kind'][] = ['long', 'area', 'line'];

function inputOf(field: Field, trips: readonly { value: string; label: string }[]) {
  switch (field.kind) {
    case 'options':
      return <OptionSelect options={field.options ?? []} />;
    case 'trip':
      return <Select options={[...trips]} allowClear showSearch={{ optionFilterProp: 'label' }} />;
    case 'route':
      return <PlanSelect of="routes" />;
    case 'school':
      return <PlanSelect of="schools" />;
    case 'number':
      return <InputNumber min={0} style={{ width: '100%' }} />;
    case 'day':
      return <Input type="date" />;
    case 'moment':
      return <Input type="datetime-local" />;
    case 'area':
      return <ShapeField kinds={['polygon']} form="wkt" />;
    case 'line':
      return <ShapeField kinds={['line']} form="wkt" />;
    case 'long':
      return <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} />;
    case 'text':
      return <Input maxLength={400} />;
  }
}

interface Given {
  readonly value?: string;
  readonly onChange?: (value: string) => void;
  readonly id?: string;
}

function OptionSelect({ options, ...given }: Given & { options: readonly string[] }) {
  const { words } = useWords();
  const named = options.map((value) => ({
    value,
    label: words.day.options[value] ?? words.day.fields[value] ?? value,
  }));
  return <Select {...given} options={named} allowClear />;
}

/** Routes or schools of the plan by name; their ids are unique and no name is. */
function PlanSelect({ of, ...given }: Given & { of: 'routes' | 'schools' }) {
  const { geometry } = useStore(plan);
  const names = new Map(
    (geometry?.[of].features ?? []).map(({ properties }) => [properties.id, properties.name]),
  );
  const options = [...names].map(([value, label]) => ({ value, label }));
  return <Select {...given} options={options} allowClear showSearch={{ optionFilterProp: 'label' }} />;
}
