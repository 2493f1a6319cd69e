import { PhoneOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n/language.ts';
import type { Send } from './bus-commands.tsx';

/** As the service takes it. */
const NUMBER = /^[0-9+*#-]{3,20}$/;
/** A dispatcher's own number is the same all day. */
const KEPT = 'busguard-call-number';

export function CallForm({ send }: { send: Send }) {
  const { words } = useWords();
  const said = words.commands;
  const [number, setNumber] = useState(() => sessionStorage.getItem(KEPT) ?? '');
  const phoneNumber = number.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sessionStorage.setItem(KEPT, phoneNumber);
        void send({ type: 'call_back', phoneNumber });
      }}
    >
      <div className="command-row">
        <Input
          className="command-grow"
          type="tel"
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          placeholder={said.callNumber}
          aria-label={said.callNumber}
        />
        <Button
          type="primary"
          htmlType="submit"
          icon={<PhoneOutlined />}
          disabled={!NUMBER.test(phoneNumber)}
        >
          {said.call}
        </Button>
      </div>
      <p className="command-hint">{said.callHint}</p>
    </form>
  );
}
