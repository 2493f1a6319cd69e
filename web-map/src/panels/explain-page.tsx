import './explain-page.css';
import { CloseOutlined, CopyOutlined } from '@ant-design/icons';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import type { FrameView as Frame } from '../../../services/api/contract.ts';
import { api, type Fault } from '../api/client.ts';
import { faultText } from '../api/fault-text.ts';
import { useWords } from '../i18n/language.ts';
import { openPage } from '../state/place.ts';
import { copyText } from '../text/copy-text.ts';
import { FrameView } from './frame-view.tsx';

/** A location report of 2013: speeding, with mileage, recorder speed, signal and satellites. */
const EXAMPLE =
  '7e0200002f013912345678000200000002000c00030260f5d706f0159e002c0146007d0226030207301501040001e9f60302014011010030011f31010c667e';

/** Frames of JT/T 808, pasted in hex and taken apart by the service. */
export function ExplainPage() {
  const { words } = useWords();
  const { message } = App.useApp();
  const said = words.explain;
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [frames, setFrames] = useState<readonly Frame[]>([]);
  const [fault, setFault] = useState<Fault | null>(null);

  const takeApart = async (given: string) => {
    if (given.trim() === '') return;
    setBusy(true);
    const answer = await api.explain(given);
    setBusy(false);
    setFault(answer.ok ? null : answer.fault);
    setFrames(answer.ok ? answer.value.items : []);
  };
  const copy = async () => {
    const copied = await copyText(JSON.stringify(frames, null, 2));
    void (copied ? message.success(said.copied) : message.error(said.copyFailed));
  };
  return (
    <section className="explain" aria-label={said.title}>
      <div className="explain-inner">
        <header className="explain-head">
          <h1>{said.title}</h1>
          <Button
            type="text"
            icon={<CloseOutlined />}
            aria-label={said.close}
            onClick={() => openPage('map')}
          />
        </header>
        <form
          className="explain-form"
          onSubmit={(event) => {
            event.preventDefault();
            void takeApart(text);
          }}
        >
          <p id="explain-intro">{said.intro}</p>
          <Input.TextArea
            className="explain-text"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void takeApart(text);
            }}
            autoSize={{ minRows: 3, maxRows: 8 }}
            spellCheck={false}
            autoCapitalize="off"
            placeholder="7e 02 00 00 2f …"
            aria-label={said.label}
            aria-describedby="explain-intro"
          />
          <div className="explain-buttons">
            <Button type="primary" htmlType="submit" loading={busy} disabled={text.trim() === ''}>
              {said.run}
            </Button>
            <Button
              onClick={() => {
                setText(EXAMPLE);
                void takeApart(EXAMPLE);
              }}
            >
              {said.example}
            </Button>
            <Button
              type="text"
              disabled={text === ''}
              onClick={() => {
                setText('');
                setFrames([]);
                setFault(null);
              }}
            >
              {said.clear}
            </Button>
            <span className="explain-gap" />
            <Button icon={<CopyOutlined />} disabled={frames.length === 0} onClick={() => void copy()}>
              {said.copy}
            </Button>
          </div>
        </form>
        <p className="unseen" role="status">
          {frames.length > 0 && said.frames(frames.length)}
        </p>
        {fault && (
          <p className="frame-fault" role="alert">
            {faultText(fault, words)}
          </p>
        )}
        {frames.length === 0 && !fault && <p className="explain-empty">{said.empty}</p>}
        {frames.map((frame, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same frame may be pasted twice; the order stays
          <FrameView key={`${index} ${frame.bytes}`} frame={frame} />
        ))}
      </div>
    </section>
  );
}
