import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import type { Dictionary } from '../i18n/en.ts';
import { EmptyNote } from '../parts/empty-note.tsx';

/** Keeps the fault of one page, such as code that could not be fetched, from taking the console down. */
export class PageBoundary extends Component<{ words: Dictionary; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    const { words, children } = this.props;
    if (!this.state.broken) return children;
    return (
      <div className="stage-note" role="alert">
        <EmptyNote title={words.error.pageTitle} text={words.shell.broken}>
          <Button type="primary" onClick={() => window.location.reload()}>
            {words.shell.reload}
          </Button>
        </EmptyNote>
      </div>
    );
  }
}
