import './sign-in.css';
import { LockOutlined, UserOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import type { Fault } from '../api/client.ts';
import { faultText } from '../api/fault-text.ts';
import type { Dictionary } from '../i18n/en.ts';
import { useWords } from '../i18n/language.ts';
import { Brand } from '../parts/brand.tsx';
import { signIn } from '../state/session.ts';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';

export function SignIn({ because }: { because: 'expired' | 'signedOut' | null }) {
  const { words } = useWords();
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const [wantsCode, setWantsCode] = useState(false);
  const submit = async ({ login, password, code }: { login: string; password: string; code?: string }) => {
    setBusy(true);
    setFault(null);
    const refused = await signIn(login.trim(), password, code?.trim());
    if (refused?.kind === 'expired' && refused.problem === '/problems/second-factor-required')
      setWantsCode(true);
    setFault(refused);
    setBusy(false);
  };
  const faultWords =
    fault && (fault.kind === 'expired' ? wordsOfRefusal(fault.problem, words) : faultText(fault, words));
  return (
    <div className="sign-in">
      <div className="sign-in-corner">
        <ThemeSwitch />
        <LanguageSwitch />
      </div>
      <main className="sign-in-card">
        <Brand size="large" />
        <p className="sign-in-line">{words.productLine}</p>
        <h1>{words.signIn.title}</h1>
        <div role="alert" className="sign-in-message">
          {faultWords && <Alert type="error" showIcon title={faultWords} />}
          {!faultWords && because && <Alert type="info" showIcon title={words.signIn[because]} />}
        </div>
        <Form layout="vertical" size="large" requiredMark={false} onFinish={submit}>
          <Form.Item
            name="login"
            label={words.signIn.login}
            rules={[{ required: true, whitespace: true, message: words.signIn.loginMissing }]}
          >
            <Input prefix={<UserOutlined />} autoComplete="username" autoFocus maxLength={100} />
          </Form.Item>
          <Form.Item
            name="password"
            label={words.signIn.password}
            rules={[{ required: true, message: words.signIn.passwordMissing }]}
          >
            <Input.Password prefix={<LockOutlined />} autoComplete="current-password" maxLength={200} />
          </Form.Item>
          {wantsCode && (
            <Form.Item
              name="code"
              label={words.accounts.code}
              extra={words.accounts.codeHint}
              rules={[{ required: true, whitespace: true, message: words.accounts.codeNeeded }]}
            >
              <Input autoComplete="one-time-code" autoFocus maxLength={40} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" block loading={busy}>
            {words.signIn.submit}
          </Button>
        </Form>
        <p className="sign-in-where">{words.signIn.where}</p>
      </main>
      <SkyLine />
    </div>
  );
}

function wordsOfRefusal(problem: string, words: Dictionary): string {
  if (problem === '/problems/second-factor-required') return words.accounts.codeNeeded;
  return problem === '/problems/wrong-code' ? words.accounts.codeWrong : words.signIn.wrong;
}

/** A road with a bus on it, along the foot of the page. */
function SkyLine() {
  return (
    <svg
      className="sign-in-art"
      viewBox="0 0 1440 220"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
    >
      <path className="art-hill" d="M0 150 C220 60 420 120 640 110 C900 96 1100 40 1440 120 V220 H0Z" />
      <path
        className="art-hill art-near"
        d="M0 180 C300 120 560 170 820 150 C1060 132 1240 120 1440 160 V220 H0Z"
      />
      <path className="art-road" d="M0 196 H1440" />
      <g className="art-bus">
        <rect x="0" y="-38" width="92" height="34" rx="8" />
        <path
          className="art-glass"
          d="M10 -31h14v12h-14z M29 -31h14v12h-14z M48 -31h14v12h-14z M67 -31h16l3 12h-19z"
        />
        <circle cx="22" cy="-3" r="7" />
        <circle cx="70" cy="-3" r="7" />
      </g>
    </svg>
  );
}
