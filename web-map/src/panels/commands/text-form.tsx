import { SendOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, Select } from 'antd';
import { useId, useMemo, useState } from 'react';
import { gbkSize } from '../../commands/gbk.ts';
import { TEMPLATES } from '../../commands/templates.ts';
import { useWords } from '../../i18n/language.ts';
import type { Send } from './bus-commands.tsx';

/** As the service takes it. */
const MAX_CHARACTERS = 500;

/** A text for the crew: ready ones in both languages, or one's own. */
export function TextForm({ send }: { send: Send }) {
  const { words } = useWords();
  const said = words.commands;
  const sizeId = useId();
  const [text, setText] = useState('');
  const [urgent, setUrgent] = useState(false);
  const [busy, setBusy] = useState(false);
  const size = useMemo(() => gbkSize(text), [text]);
  const groups = (['zh', 'en'] as const).map((language) => ({
    label: words.language[language],
    options: TEMPLATES[language].map((value) => ({ value, label: value })),
  }));
  const submit = async () => {
    setBusy(true);
    if (await send({ type: 'text', text: text.trim(), ...(urgent && { urgent }) })) setText('');
    setBusy(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Select<string>
        className="command-templates"
        value={null}
        placeholder={said.templates}
        aria-label={said.templates}
        options={groups}
        onChange={setText}
        popupMatchSelectWidth={false}
      />
      <Input.TextArea
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={MAX_CHARACTERS}
        autoSize={{ minRows: 2, maxRows: 5 }}
        placeholder={said.textPlaceholder}
        aria-label={said.text}
        aria-describedby={sizeId}
      />
      <div className="command-row">
        <Checkbox checked={urgent} onChange={(event) => setUrgent(event.target.checked)}>
          {said.urgent}
        </Checkbox>
        <span className="command-size" id={sizeId}>
          {said.size(size.bytes)}
        </span>
        <Button
          type="primary"
          htmlType="submit"
          icon={<SendOutlined />}
          disabled={busy || text.trim() === ''}
        >
          {said.send}
        </Button>
      </div>
      {size.unknown.length > 0 && (
        <p className="command-warning" role="status">
          {said.unknown(size.unknown.join(' '))}
        </p>
      )}
    </form>
  );
}
