import { App, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import type { AlertView } from '../../../services/api/contract.ts';
import { api } from '../api/client.ts';
import { faultText } from '../api/fault-text.ts';
import { useWords } from '../i18n/language.ts';
import { takeAlerts } from '../state/alerts.ts';

const LONGEST_NOTE = 500;

/** Asks how an alert ended before it is put away. */
export function ResolveDialog({ alert, onClose }: { alert: AlertView; onClose: () => void }) {
  const { words } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ resolution: string; note?: string }>();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    const { resolution, note } = await form.validateFields();
    setBusy(true);
    const answer = await api.resolve(alert.id, resolution, note?.trim() || null);
    setBusy(false);
    if (!answer.ok) {
      void message.error(`${words.alerts.failed} ${faultText(answer.fault, words)}`);
      return;
    }
    takeAlerts([answer.value]);
    void message.success(words.alerts.done.resolved);
    onClose();
  };
  return (
    <Modal
      open
      title={`${words.alerts.resolveTitle}: ${words.rules[alert.rule]}, ${alert.plate ?? alert.vehicle}`}
      okText={words.alerts.resolve}
      cancelText={words.alerts.cancel}
      confirmLoading={busy}
      onOk={() => void save().catch(() => undefined)}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" initialValues={{ resolution: 'handled' }} requiredMark={false}>
        <Form.Item name="resolution" label={words.alerts.resolution}>
          <Radio.Group
            vertical
            options={Object.entries(words.alerts.resolutions).map(([value, label]) => ({ value, label }))}
          />
        </Form.Item>
        <Form.Item name="note" label={words.alerts.note}>
          <Input.TextArea rows={3} maxLength={LONGEST_NOTE} showCount />
        </Form.Item>
      </Form>
    </Modal>
  );
}
