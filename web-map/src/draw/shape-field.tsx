import './draw.css';
import { EditOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useWords } from '../i18n/language.ts';
import { type ShapeForm, type ShapeKind, shapeOf, textOfShape } from './shape-text.ts';

/** The map library comes when somebody draws. */
const DrawMap = lazy(() => import('./draw-map.tsx').then((module) => ({ default: module.DrawMap })));

/** A line or an area as text, drawn on a map where that is easier. Fits a field of a form. */
export function ShapeField(props: {
  readonly kinds: readonly ShapeKind[];
  readonly form: ShapeForm;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
  readonly id?: string;
}) {
  const { kinds, form, value = '', onChange, id } = props;
  const { words } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <div className="shape-field">
      <div className="shape-text">
        <Input.TextArea
          id={id ?? ''}
          value={value}
          autoSize={{ minRows: 1, maxRows: 4 }}
          placeholder={form === 'wkt' ? `${kinds[0] === 'line' ? 'LINESTRING' : 'POLYGON'} …` : '{"type": …}'}
          onChange={(event) => onChange?.(event.target.value)}
        />
        <Button icon={<EditOutlined />} aria-expanded={open} onClick={() => setOpen(!open)}>
          {words.registers.draw.open}
        </Button>
      </div>
      {open && (
        <Suspense fallback={<p className="page-empty">{words.loading.map}</p>}>
          <DrawMap
            shape={shapeOf(value)}
            kinds={kinds}
            onChange={(shape) => onChange?.(shape ? textOfShape(shape, form) : '')}
          />
        </Suspense>
      )}
    </div>
  );
}
