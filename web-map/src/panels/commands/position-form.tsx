import { Button, Select } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n/language.ts';
import type { Send } from './bus-commands.tsx';

/** How often and for how long the bus may be asked to report: seconds. */
const TRACKS = [
  { intervalS: 2, durationS: 300 },
  { intervalS: 5, durationS: 900 },
  { intervalS: 10, durationS: 3_600 },
] as const;

export function PositionForm({ send }: { send: Send }) {
  const { words } = useWords();
  const said = words.commands;
  const [chosen, setChosen] = useState(1);
  const { intervalS, durationS } = TRACKS[chosen] ?? TRACKS[1];
  return (
    <div className="command-form">
      <Button block onClick={() => void send({ type: 'locate' })}>
        {said.locate}
      </Button>
      <div className="command-row">
        <Select
          className="command-grow"
          value={chosen}
          aria-label={said.trackHow}
          onChange={setChosen}
          options={TRACKS.map((track, value) => ({
            value,
            label: said.trackEvery(track.intervalS, track.durationS / 60),
          }))}
        />
        <Button onClick={() => void send({ type: 'track', intervalS, durationS })}>{said.track}</Button>
      </div>
      <Button block type="text" onClick={() => void send({ type: 'track', intervalS: 0, durationS: 0 })}>
        {said.trackEnd}
      </Button>
    </div>
  );
}
