import { CheckCircleFilled, DisconnectOutlined, SyncOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useWords } from '../i18n/language.ts';
import { link } from '../state/link.ts';
import { retryConnection } from '../state/monitor.ts';
import { useStore } from '../state/store.ts';
import { clockTimeWithSeconds } from '../text/time.ts';

/** A hiccup shorter than this worries nobody. */
const PATIENCE_MS = 1_500;
const GOOD_NEWS_MS = 4_000;

/** Says so when the page is not live, and when it is again. */
export function LinkBanner() {
  const { words, language } = useWords();
  const now = useStore(link);
  const [shownDown, setShownDown] = useState(false);
  const [shownAgain, setShownAgain] = useState(false);
  useEffect(() => {
    if (now.status === 'down') {
      setShownAgain(false);
      const timer = setTimeout(() => setShownDown(true), PATIENCE_MS);
      return () => clearTimeout(timer);
    }
    if (now.status !== 'up' || !shownDown) return;
    setShownDown(false);
    setShownAgain(true);
  }, [now, shownDown]);
  useEffect(() => {
    if (!shownAgain) return;
    const timer = setTimeout(() => setShownAgain(false), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [shownAgain]);
  return (
    <div className="link-banner-place" role="status" aria-live="polite">
      {shownDown && now.status === 'down' && (
        <div className="link-banner link-banner-down" data-testid="disconnected">
          <DisconnectOutlined aria-hidden="true" />
          <span>
            {words.link.lost(clockTimeWithSeconds(language, now.since))} {words.link.trying}
          </span>
          <Button size="small" onClick={retryConnection}>
            {words.link.retryNow}
          </Button>
        </div>
      )}
      {shownDown && now.status === 'catchingUp' && (
        <div className="link-banner link-banner-catching">
          <SyncOutlined spin aria-hidden="true" />
          {words.link.catchingUp}
        </div>
      )}
      {shownAgain && (
        <div className="link-banner link-banner-up" data-testid="reconnected">
          <CheckCircleFilled aria-hidden="true" />
          {words.link.caughtUp}
        </div>
      )}
    </div>
  );
}
