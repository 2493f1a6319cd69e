import './page-frame.css';
import { CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { openPage } from '../state/place.ts';

/** The frame of a page: its title, what it is for, and, where `close` names it, the way back to the map. */
export function PageFrame(props: { title: string; intro?: string; close?: string; children: ReactNode }) {
  const { title, intro, close, children } = props;
  return (
    <section className="page" aria-label={title}>
      <div className="page-inner">
        <header className="page-head">
          <h1>{title}</h1>
          {close && (
            <Button type="text" icon={<CloseOutlined />} aria-label={close} onClick={() => openPage('map')} />
          )}
        </header>
        {intro && <p className="page-intro">{intro}</p>}
        {children}
      </div>
    </section>
  );
}
