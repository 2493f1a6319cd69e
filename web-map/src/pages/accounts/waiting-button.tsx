import { Button } from 'antd';
import { useState } from 'react';

/** A button that shows that what it began is not done yet. */
export function WaitingButton(props: { label: string; danger?: boolean; run: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await props.run();
    setBusy(false);
  };
  return (
    <Button danger={props.danger ?? false} loading={busy} onClick={() => void run()}>
      {props.label}
    </Button>
  );
}
