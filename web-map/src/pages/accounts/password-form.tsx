import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { ownAccount, refusalOf } from '../../api/accounts.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';

/** Changes one's own password. */
export function PasswordForm({ onChanged }: { onChanged: () => void }) {
  const { words } = useWords();
  const [form] = Form.useForm<{ current: string; next: string }>();
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async ({ current, next }: { current: string; next: string }) => {
    setBusy(true);
    const answer = await ownAccount.changePassword(current, next);
    setBusy(false);
    setFault(answer.ok ? null : answer.fault);
    if (!answer.ok) return;
    form.resetFields();
    onChanged();
  };
  const own = words.accounts.own;
  const why = fault && (words.accounts.faults[refusalOf(fault) ?? ''] ?? faultText(fault, words));
  const needed = [{ required: true, message: words.signIn.passwordMissing }];
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} className="account-form">
      <div role="alert">{why && <Alert type="error" showIcon title={why} />}</div>
      <Form.Item name="current" label={own.current} rules={needed}>
        <Input.Password autoComplete="current-password" maxLength={200} />
      </Form.Item>
      <Form.Item name="next" label={own.next} extra={own.nextHint} rules={needed}>
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={busy}>
        {own.change}
      </Button>
    </Form>
  );
}
