import { Alert, Button, Form, Input } from 'antd';
import { useMemo, useState } from 'react';
import { encode } from 'uqr';
import { type OwnAccount, ownAccount, refusalOf } from '../../api/accounts.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';

/** Puts a second factor in use, step by step, or takes it out again. */
export function SecondFactor({ account, onChanged }: { account: OwnAccount; onChanged: () => void }) {
  const { words } = useWords();
  const [begun, setBegun] = useState<{ secret: string; uri: string } | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const own = words.accounts.own;
  const needed = [{ required: true, message: words.signIn.passwordMissing }];

  const withPassword = async ({ password }: { password: string }) => {
    if (account.secondFactor) {
      const removed = await ownAccount.removeFactor(password);
      setFault(removed.ok ? null : removed.fault);
      if (removed.ok) onChanged();
      return;
    }
    const answer = await ownAccount.beginFactor(password);
    setFault(answer.ok ? null : answer.fault);
    if (answer.ok) setBegun(answer.value);
  };
  const confirm = async ({ code }: { code: string }) => {
    const answer = await ownAccount.confirmFactor(code);
    setFault(answer.ok ? null : answer.fault);
    if (!answer.ok) return;
    setBegun(null);
    setCodes(answer.value.recoveryCodes);
    onChanged();
  };

  const refusal = fault && (refusalOf(fault) === 'conflict' ? words.accounts.codeWrong : null);
  const why = fault && (refusal ?? words.accounts.faults[refusalOf(fault) ?? ''] ?? faultText(fault, words));
  return (
    <>
      <p>{account.secondFactor ? own.factorOn(account.recoveryCodesLeft) : own.factorOff}</p>
      <div role="alert">{why && <Alert type="error" showIcon title={why} />}</div>
      {codes && (
        <>
          <h3>{own.recovery}</h3>
          <p>{own.recoveryText}</p>
          <ul className="account-codes">
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
        </>
      )}
      {begun ? (
        <Form layout="vertical" requiredMark={false} onFinish={confirm} className="account-form">
          <p>{own.factorScan}</p>
          <Picture text={begun.uri} label={own.factorPicture} />
          <p className="account-secret">{begun.secret}</p>
          <Form.Item
            name="code"
            label={words.accounts.code}
            rules={[{ required: true, message: words.accounts.codeNeeded }]}
          >
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={10} autoFocus />
          </Form.Item>
          <Button type="primary" htmlType="submit">
            {own.factorConfirm}
          </Button>
        </Form>
      ) : (
        <Form
          key={String(account.secondFactor)}
          layout="vertical"
          requiredMark={false}
          onFinish={withPassword}
          className="account-form"
        >
          <Form.Item name="password" label={own.current} rules={needed}>
            <Input.Password autoComplete="current-password" maxLength={200} />
          </Form.Item>
          <Button htmlType="submit" danger={account.secondFactor}>
            {account.secondFactor ? own.factorRemove : own.factorAdd}
          </Button>
        </Form>
      )}
    </>
  );
}

/** A QR code as one path: black on white in either theme, since cameras want it so. */
function Picture({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { ecc: 'M', border: 2 });
    const cells = data.flatMap((row, y) => row.flatMap((on, x) => (on ? `M${x} ${y}h1v1h-1z` : [])));
    return { size, path: cells.join('') };
  }, [text]);
  return (
    <svg className="account-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}
