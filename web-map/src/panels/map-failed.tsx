import { Button } from 'antd';
import { useWords } from '../i18n/language.ts';
import { EmptyNote } from '../parts/empty-note.tsx';
import { view } from '../state/selection.ts';

export function MapFailed() {
  const { words } = useWords();
  return (
    <div className="stage-note">
      <EmptyNote title={words.error.mapTitle} text={words.error.mapText}>
        <Button type="primary" onClick={() => view.set('list')}>
          {words.view.list}
        </Button>
      </EmptyNote>
    </div>
  );
}
