import { CameraOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n/language.ts';
import type { Send } from './bus-commands.tsx';

/** As many as common terminals have. */
const CAMERAS = [1, 2, 3, 4];
const COUNTS = [1, 2, 3, 5];

export function PhotoForm({ send }: { send: Send }) {
  const { words } = useWords();
  const said = words.commands;
  const [channel, setChannel] = useState(1);
  const [count, setCount] = useState(1);
  return (
    <div className="command-form">
      <div className="command-row">
        <Select
          className="command-grow"
          value={channel}
          onChange={setChannel}
          aria-label={said.camera}
          options={CAMERAS.map((n) => ({ value: n, label: said.cameraNumber(n) }))}
        />
        <Select
          value={count}
          onChange={setCount}
          aria-label={said.photos}
          options={COUNTS.map((n) => ({ value: n, label: `× ${n}` }))}
        />
        <Button
          type="primary"
          icon={<CameraOutlined />}
          onClick={() => void send({ type: 'photo', channel, count, ...(count > 1 && { intervalS: 1 }) })}
        >
          {said.takePhoto}
        </Button>
      </div>
      <p className="command-hint">{said.photoHint}</p>
    </div>
  );
}
