import './media.css';
import { DownloadOutlined, LeftOutlined, RightOutlined, SafetyOutlined } from '@ant-design/icons';
import { App, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import type { MediaView } from '../../../services/api/contract.ts';
import { api } from '../api/client.ts';
import { faultText } from '../api/fault-text.ts';
import { useWords } from '../i18n/language.ts';
import { contentUrl, sizeText } from '../media/media-list.ts';
import { takeMedia } from '../state/media.ts';
import { session } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { clockTimeWithSeconds, dayAndTime } from '../text/time.ts';

interface ViewerProps {
  items: readonly MediaView[];
  id: string;
  onShow(id: string): void;
  onClose(): void;
}

/** One photo or recording, large, with when, which camera and where; arrow keys go through the others. */
export function MediaViewer({ items, id, onShow, onClose }: ViewerProps) {
  const { words } = useWords();
  const at = items.findIndex((media) => media.id === id);
  const media = items[at];
  const to = (step: number) => {
    const next = items[at + step];
    if (next) onShow(next.id);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // In a player the arrows move through the recording.
      if (event.target instanceof HTMLMediaElement) return;
      if (event.key === 'ArrowLeft') to(-1);
      if (event.key === 'ArrowRight') to(1);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  if (!media) return null;
  return (
    <Modal
      open
      centered
      width={860}
      footer={null}
      onCancel={onClose}
      title={words.media.kinds[media.kind]}
      className="media-viewer"
      closable={{ 'aria-label': words.media.close }}
    >
      <div className="media-stage">
        <MediaContent key={media.id} media={media} />
        {items.length > 1 && (
          <>
            <Button
              className="media-step media-step-back"
              shape="circle"
              icon={<LeftOutlined />}
              disabled={at === 0}
              aria-label={words.media.newer}
              onClick={() => to(-1)}
            />
            <Button
              className="media-step media-step-on"
              shape="circle"
              icon={<RightOutlined />}
              disabled={at === items.length - 1}
              aria-label={words.media.older}
              onClick={() => to(1)}
            />
          </>
        )}
      </div>
      <MediaFacts media={media} count={items.length > 1 ? `${at + 1} / ${items.length}` : null} />
    </Modal>
  );
}

function MediaContent({ media }: { media: MediaView }) {
  const { words } = useWords();
  const [failed, setFailed] = useState(false);
  const url = contentUrl(media);
  if (failed || !media.shown) {
    return (
      <p className="media-none" role={failed ? 'alert' : undefined}>
        {failed ? words.media.unreadable : words.media.notShown}
      </p>
    );
  }
  const fail = () => setFailed(true);
  switch (media.kind) {
    case 'photo':
      return <img src={url} alt={words.media.kinds.photo} onError={fail} />;
    case 'video':
      // biome-ignore lint/a11y/useMediaCaption: recordings of a camera have no words
      return <video src={url} controls preload="metadata" onError={fail} />;
    default:
      // biome-ignore lint/a11y/useMediaCaption: recordings of a cabin have no captions
      return <audio src={url} controls preload="metadata" onError={fail} />;
  }
}

function MediaFacts({ media, count }: { media: MediaView; count: string | null }) {
  const { words, language } = useWords();
  const said = words.media;
  // The seconds are what tells photos of one alarm apart.
  const time = dayAndTime(language, media.time) + clockTimeWithSeconds(language, media.time).slice(-3);
  const { lat, lon, event, bytes } = media;
  return (
    <div className="media-facts">
      <dl>
        <dt>{said.time}</dt>
        <dd>{time}</dd>
        <dt>{said.camera}</dt>
        <dd>{said.channel(media.channel)}</dd>
        <dt>{said.place}</dt>
        <dd>{lat === null || lon === null ? said.noPlace : `${lat.toFixed(5)}, ${lon.toFixed(5)}`}</dd>
        {event !== null && (
          <>
            <dt>{said.why}</dt>
            <dd>{said.events[event] ?? said.otherEvent(event)}</dd>
          </>
        )}
      </dl>
      <div className="media-actions">
        {count && <span className="media-count">{count}</span>}
        <HoldButton media={media} />
        <Button icon={<DownloadOutlined />} href={contentUrl(media)} download>
          {said.save}
          {bytes !== null && ` (${sizeText(bytes)})`}
        </Button>
      </div>
    </div>
  );
}

/** As evidence it is kept beyond its time. */
function HoldButton({ media }: { media: MediaView }) {
  const { words } = useWords();
  const { message } = App.useApp();
  const who = useStore(session);
  const [busy, setBusy] = useState(false);
  const may = who.status === 'in' && who.view.can.hold;
  if (!may) return null;
  const toggle = async () => {
    setBusy(true);
    const answer = await api.holdMedia(media.id, !media.legalHold);
    setBusy(false);
    if (answer.ok) takeMedia(answer.value);
    else void message.error(faultText(answer.fault, words));
  };
  return (
    <Button icon={<SafetyOutlined />} loading={busy} aria-pressed={media.legalHold} onClick={toggle}>
      {media.legalHold ? words.media.release : words.media.hold}
    </Button>
  );
}
