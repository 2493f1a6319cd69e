import './media.css';
import {
  AudioOutlined,
  CloudOutlined,
  FileOutlined,
  PictureOutlined,
  VideoCameraOutlined,
} from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { MediaView } from '../../../services/api/contract.ts';
import { api, type Fault } from '../api/client.ts';
import { faultText } from '../api/fault-text.ts';
import { useWords } from '../i18n/language.ts';
import { belongs, contentUrl, type MediaScope, withMedia } from '../media/media-list.ts';
import { whenUpAgain } from '../state/link.ts';
import { liveMedia } from '../state/media.ts';
import { session } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { clockTimeWithSeconds, dayAndTime } from '../text/time.ts';
import { MediaViewer } from './media-viewer.tsx';

/** Shown at once; the rest follow on request. */
const PAGE = 8;
const SKELETONS = [1, 2, 3];

const ICONS = {
  photo: <PictureOutlined />,
  audio: <AudioOutlined />,
  video: <VideoCameraOutlined />,
  text: <FileOutlined />,
  other: <FileOutlined />,
} as const;

interface Shown {
  readonly items: readonly MediaView[];
  readonly next: string | null;
}

/** Photos and recordings of an alert or of a bus as small pictures; a new one is there as it comes. */
export function MediaStrip({ scope, quiet }: { scope: MediaScope; quiet?: boolean }) {
  const { words } = useWords();
  const who = useStore(session);
  const may = who.status === 'in' && who.view.can.seeMedia;
  const { shown, fault, loadMore, retry } = useMedia(scope, may);
  const [open, setOpen] = useState<string | null>(null);
  if (!may) return null;
  const items = shown?.items ?? [];
  // In a list of alerts most have no photo: nothing is said of that.
  if (quiet && !fault && items.length === 0) return null;
  return (
    <section className="media" aria-label={words.media.title} data-testid="media">
      {!quiet && <h3>{words.media.title}</h3>}
      {fault && !shown ? (
        <p className="media-failed" role="alert">
          {words.media.failed} {faultText(fault, words)}
          <Button size="small" onClick={retry}>
            {words.error.retry}
          </Button>
        </p>
      ) : !shown ? (
        <div className="media-strip" aria-busy="true">
          {SKELETONS.map((n) => (
            <span key={n} className="media-thumb media-waiting" />
          ))}
        </div>
      ) : items.length === 0 ? (
        <p className="bus-quiet">{words.media.none}</p>
      ) : (
        <ul className="media-strip">
          {items.map((media) => (
            <li key={media.id}>
              <Thumb media={media} onOpen={() => setOpen(media.id)} />
            </li>
          ))}
          {shown.next !== null && (
            <li>
              <button type="button" className="media-thumb media-more" onClick={loadMore}>
                {words.media.more}
              </button>
            </li>
          )}
        </ul>
      )}
      {open !== null && (
        <MediaViewer
          items={items.filter(({ stored }) => stored)}
          id={open}
          onShow={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

function Thumb({ media, onOpen }: { media: MediaView; onOpen(): void }) {
  const { words, language } = useWords();
  const [broken, setBroken] = useState(false);
  const kind = words.media.kinds[media.kind];
  const label = words.media.one(kind, dayAndTime(language, media.time), words.media.channel(media.channel));
  const clock = clockTimeWithSeconds(language, media.time);
  if (!media.stored) {
    return (
      <span className="media-thumb media-announced" title={words.media.announcedHint}>
        <CloudOutlined aria-hidden="true" />
        <span>{words.media.announced}</span>
      </span>
    );
  }
  const pictured = media.kind === 'photo' && media.shown && !broken;
  return (
    <button type="button" className="media-thumb" aria-label={label} title={label} onClick={onOpen}>
      {pictured ? (
        <img src={contentUrl(media)} alt="" loading="lazy" onError={() => setBroken(true)} />
      ) : (
        <span className="media-icon" aria-hidden="true">
          {ICONS[media.kind]}
        </span>
      )}
      {broken && <span className="media-broken">{words.media.unreadable}</span>}
      <span className="media-time">{clock}</span>
    </button>
  );
}

/** Asked for once, then kept up by what comes live. */
function useMedia(scope: MediaScope, may: boolean) {
  const [asked, setAsked] = useState<Shown | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [attempt, setAttempt] = useState(0);
  const came = useStore(liveMedia);
  const of = scope.kind === 'bus' ? scope.vehicle : scope.alert.id;
  const query = useMemo(() => (scope.kind === 'bus' ? { vehicle: of } : { finding: of }), [scope.kind, of]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    if (!may) return;
    let ended = false;
    const load = async () => {
      const answer = await api.media({ ...query, limit: PAGE });
      if (ended) return;
      if (answer.ok) setAsked(answer.value);
      setFault(answer.ok ? null : answer.fault);
    };
    setAsked(null);
    void load();
    const end = whenUpAgain(() => void load());
    return () => {
      ended = true;
      end();
    };
  }, [query, may, attempt]);
  const own = came.filter((media) => belongs(scope, media));
  const shown = asked && { ...asked, items: withMedia(asked.items, own) };
  return {
    shown,
    fault,
    retry: () => setAttempt(attempt + 1),
    loadMore: async () => {
      if (!asked?.next) return;
      const answer = await api.media({ ...query, limit: PAGE * 3, before: asked.next });
      if (answer.ok) setAsked({ items: [...asked.items, ...answer.value.items], next: answer.value.next });
      else setFault(answer.fault);
    },
  };
}
