import { Button, Form, Input, Radio, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { AlertView, AssigneeView, CallCardView } from '../../../../services/api/contract.ts';
import { deskApi } from '../../api/desk.ts';
import { useWords } from '../../i18n/language.ts';

export type Act =
  | 'assign'
  | 'note'
  | 'call'
  | 'text'
  | 'photo'
  | 'escalate'
  | 'excuse'
  | 'hand_over'
  | 'handle'
  | 'review';

const CAMERAS = [1, 2, 3, 4];
const PATHS: { readonly [act in Act]?: string } = { hand_over: 'hand-over' };

interface DeskFormProps {
  readonly act: Act;
  readonly alert: AlertView;
  readonly busy: boolean;
  onDo(path: string, body: object): Promise<boolean>;
  onClose(): void;
}

/** What an act needs to be told. */
export function DeskForm({ act, alert, busy, onDo, onClose }: DeskFormProps) {
  const { words } = useWords();
  const [form] = Form.useForm<{ [field: string]: unknown }>();
  const send = async () => {
    const given = await form.validateFields();
    const body = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined && value !== ''),
    );
    if (act === 'assign') body.to = given.to ?? null;
    await onDo(PATHS[act] ?? act, body);
  };
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      className="desk-form"
      initialValues={{ level: (alert.desk?.level ?? 0) + 1, channel: 1, outcome: 'reached' }}
      onFinish={() => void send().catch(() => undefined)}
    >
      <Fields act={act} alert={alert} />
      <div className="buttons">
        <Button type="primary" htmlType="submit" loading={busy}>
          {words.desk.acts[act]}
        </Button>
        <Button onClick={onClose}>{words.desk.cancel}</Button>
      </div>
    </Form>
  );
}

function Fields({ act, alert }: Pick<DeskFormProps, 'act' | 'alert'>) {
  const { words } = useWords();
  const { desk } = words;
  const note = (
    <Form.Item name="note" label={desk.noteOptional}>
      <Input.TextArea rows={2} maxLength={2000} />
    </Form.Item>
  );
  switch (act) {
    case 'assign':
      return <Assignees alert={alert} />;
    case 'call':
      return (
        <>
          <CallCard alert={alert} />
          <Form.Item name="outcome" label={desk.acts.call}>
            <Radio.Group options={optionsOf(desk.outcomes)} />
          </Form.Item>
          {note}
        </>
      );
    case 'note':
      return (
        <Form.Item name="note" label={desk.noteField} rules={[{ required: true }]}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      );
    case 'text':
      return (
        <Form.Item name="text" label={desk.textField} extra={desk.textHint} rules={[{ required: true }]}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      );
    case 'photo':
      return (
        <Form.Item name="channel" label={desk.camera}>
          <Radio.Group
            options={CAMERAS.map((value) => ({ value, label: words.commands.cameraNumber(value) }))}
          />
        </Form.Item>
      );
    case 'escalate':
      return (
        <>
          <Form.Item name="level" label={desk.acts.escalate}>
            <Radio.Group
              options={[1, 2, 3]
                .filter((level) => level > (alert.desk?.level ?? 0))
                .map((value) => ({ value, label: desk.levels[value] }))}
            />
          </Form.Item>
          {note}
        </>
      );
    case 'excuse':
      return (
        <>
          <Form.Item name="kind" label={desk.excuseKind} rules={[{ required: true }]}>
            <Radio.Group options={optionsOf(desk.excuses)} />
          </Form.Item>
          <Form.Item name="proof" label={desk.proof} rules={[{ required: true }]}>
            <Input maxLength={500} />
          </Form.Item>
        </>
      );
    case 'hand_over':
      return (
        <>
          <Form.Item name="office" label={desk.office} rules={[{ required: true }]}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="caseNo" label={desk.caseNo}>
            <Input maxLength={100} />
          </Form.Item>
          {note}
        </>
      );
    case 'handle':
      return (
        <>
          <Form.Item name="reason" label={desk.reason} rules={[{ required: true }]}>
            <Radio.Group options={optionsOf(desk.reasons)} />
          </Form.Item>
          <Form.Item name="deed" label={desk.deed}>
            <Radio.Group options={optionsOf(desk.deeds)} />
          </Form.Item>
          {note}
        </>
      );
    case 'review':
      return (
        <>
          <Form.Item name="verdict" label={desk.verdict} rules={[{ required: true }]}>
            <Radio.Group options={optionsOf(desk.verdicts)} />
          </Form.Item>
          {note}
        </>
      );
  }
}

function Assignees({ alert }: { alert: AlertView }) {
  const { words } = useWords();
  const [people, setPeople] = useState<AssigneeView[] | null>(null);
  useEffect(() => {
    void deskApi.assignees(alert.id).then((answer) => answer.ok && setPeople(answer.value.items));
  }, [alert.id]);
  return (
    <Form.Item name="to" label={words.desk.acts.assign}>
      <Select
        allowClear
        loading={people === null}
        placeholder={words.desk.nobody}
        aria-label={words.desk.acts.assign}
        options={people?.map(({ id, name, role }) => ({
          value: id,
          label: `${name} · ${words.account.roles[role]}`,
        }))}
      />
    </Form.Item>
  );
}

/** Whom to call, with numbers that a phone or a softphone takes by a click. */
function CallCard({ alert }: { alert: AlertView }) {
  const { words } = useWords();
  const { desk } = words;
  const [card, setCard] = useState<CallCardView | null>(null);
  useEffect(() => {
    void deskApi.callCard(alert.id).then((answer) => answer.ok && setCard(answer.value));
  }, [alert.id]);
  if (!card) return null;
  const lines = [
    ...card.crew.map(({ role, name, phone }) => ({ who: `${desk.crew[role]} ${name}`, phone })),
    ...(card.provider ? [{ who: `${desk.provider} ${card.provider.name}`, phone: card.provider.phone }] : []),
    ...card.schools.map(({ name, phone }) => ({ who: `${desk.school} ${name}`, phone })),
    ...(card.terminalPhone ? [{ who: desk.terminal, phone: card.terminalPhone }] : []),
  ];
  return (
    <Form.Item name="who" label={desk.callCard} rules={[{ required: true }]}>
      <Radio.Group vertical>
        {lines.map(({ who, phone }) => (
          <Radio key={who} value={who}>
            {who} · {phone ? <a href={`tel:${phone}`}>{phone}</a> : desk.noNumber}
          </Radio>
        ))}
      </Radio.Group>
    </Form.Item>
  );
}

const optionsOf = (words: { readonly [value: string]: string }) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
