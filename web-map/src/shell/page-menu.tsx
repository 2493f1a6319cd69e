import { CloseOutlined, MenuOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useRef } from 'react';
import { useWords } from '../i18n/language.ts';
import { LanguageSwitch, ThemeSwitch } from '../panels/switches.tsx';
import { Brand } from '../parts/brand.tsx';
import type { Page } from './page.ts';
import { PageList } from './page-rail.tsx';

/** On a phone: the pages in a menu that slides in from the left. The dialog itself holds the focus, and Escape closes it. */
export function PageMenu({ pages, current }: { pages: readonly Page[]; current: string }) {
  const { words } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  return (
    <>
      <Button
        type="text"
        icon={<MenuOutlined />}
        aria-label={words.shell.menu}
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
        data-testid="menu"
      />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it closes it; by keyboard Escape does */}
      <dialog
        ref={dialog}
        className="menu"
        aria-label={words.shell.pages}
        onClick={(event) => event.target === dialog.current && close()}
      >
        <div className="menu-inner">
          <header className="menu-head">
            <Brand />
            <Button type="text" icon={<CloseOutlined />} aria-label={words.shell.closeMenu} onClick={close} />
          </header>
          <nav aria-label={words.shell.pages}>
            <PageList pages={pages} current={current} onFollowed={close} />
          </nav>
          <footer className="menu-foot">
            <ThemeSwitch />
            <LanguageSwitch />
          </footer>
        </div>
      </dialog>
    </>
  );
}
