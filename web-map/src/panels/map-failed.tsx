import { Button } from 'antd';
import { useWords } from '../i18n/language.ts';
import { EmptyNote } from '../parts/empty-note.tsx';
import { openPage } from '../state/place.ts';

export function MapFailed() {
  const { words } = useWords();
  return (
    <div className="stage-note">
      <EmptyNote title={words.error.mapTitle} text={words.error.mapText}>
        <Button type="primary" onClick={() => openPage('list')}>
          {words.view.list}
        </Button>
      </EmptyNote>
    </div>
  );
}
