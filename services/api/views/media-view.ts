import { isShown } from '../../media/content-type.ts';
import type { StoredMedia } from '../../store/media-store.ts';
import type { MediaView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { isoTime } from '../time.ts';

export function mediaView(facts: PlanFacts | null, media: StoredMedia): MediaView {
  const { file } = media;
  return {
    id: media.id,
    vehicle: media.vehicle,
    plate: facts?.plan.vehicles.get(media.vehicle)?.plate ?? null,
    kind: media.kind,
    source: media.message === '0x1212' ? 'attachment' : 'upload',
    channel: media.channel,
    event: media.event,
    time: isoTime(media.time),
    receivedAt: isoTime(media.receivedAt),
    lat: media.lat,
    lon: media.lon,
    alert: media.findingId,
    name: media.name,
    terminalMediaId: media.terminalMediaId,
    stored: file !== null,
    shown: file !== null && isShown(file.contentType),
    contentType: file?.contentType ?? null,
    bytes: file?.bytes ?? null,
    sha256: file?.sha256 ?? null,
    legalHold: media.legalHold,
  };
}
