import './page-frame.css';
import { CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { view } from '../state/selection.ts';

/** A page over the map: its title, what it is for, and the way back. */
export function PageFrame(props: { title: string; intro?: string; close: string; children: ReactNode }) {
  const { title, intro, close, children } = props;
  return (
    <section className="page" aria-label={title}>
      <div className="page-inner">
        <header className="page-head">
          <h2>{title}</h2>
          <Button type="text" icon={<CloseOutlined />} aria-label={close} onClick={() => view.set('map')} />
        </header>
        {intro && <p className="page-intro">{intro}</p>}
        {children}
      </div>
    </section>
  );
}
