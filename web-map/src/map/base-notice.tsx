import { Button } from 'antd';
import { useWords } from '../i18n/language.ts';

/** Says, without alarm, that the plan's own base layer stands in for the configured base map. */
export function BaseNotice({ onRetry, onClose }: { onRetry(): void; onClose(): void }) {
  const { words } = useWords();
  return (
    <div className="base-notice" role="status" data-testid="base-notice">
      <span>{words.map.baseMissing}</span>
      <Button size="small" type="link" onClick={onRetry}>
        {words.error.retry}
      </Button>
      <Button size="small" type="text" onClick={onClose}>
        {words.map.baseMissingClose}
      </Button>
    </div>
  );
}
