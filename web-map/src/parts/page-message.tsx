import { Button, Spin } from 'antd';
import { Brand } from './brand.tsx';

interface PageMessageProps {
  title: string;
  text?: string;
  waiting?: boolean;
  action?: { label: string; run: () => void };
}

/** A page that has nothing else to show yet, or cannot. */
export function PageMessage({ title, text, waiting, action }: PageMessageProps) {
  return (
    <main className="page-message" role={waiting ? 'status' : 'alert'}>
      <Brand size="large" />
      {waiting && <Spin aria-label={title} />}
      <h1>{title}</h1>
      {text && <p>{text}</p>}
      {action && (
        <Button type="primary" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </main>
  );
}
