import { CloseOutlined, DeleteOutlined, UndoOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useWords } from '../i18n/language.ts';
import { useStore } from '../state/store.ts';
import { lengthsM, measured } from './measure.ts';

const KM = 1_000;

/** How long the way is that is being measured, and what to do with it. */
export function MeasurePanel() {
  const { words, language } = useWords();
  const points = useStore(measured);
  if (points === null) return null;
  const said = words.fleet.measure;
  const { total, last } = lengthsM(points);
  const text = (m: number) =>
    m < KM
      ? said.metres(Math.round(m))
      : said.kilometres(
          (m / KM).toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
        );
  return (
    <section className="measure" aria-label={said.title}>
      <p role="status" data-testid="measured">
        {points.length < 2 ? (
          said.hint
        ) : (
          <>
            <strong>{said.total(text(total))}</strong>
            {points.length > 2 && ` · ${said.last(text(last))}`}
          </>
        )}
      </p>
      <Button
        type="text"
        size="small"
        icon={<UndoOutlined />}
        aria-label={said.undo}
        title={said.undo}
        disabled={points.length === 0}
        onClick={() => measured.set(points.slice(0, -1))}
      />
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        aria-label={said.clear}
        title={said.clear}
        disabled={points.length === 0}
        onClick={() => measured.set([])}
      />
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={said.done}
        title={said.done}
        onClick={() => measured.set(null)}
      />
    </section>
  );
}
