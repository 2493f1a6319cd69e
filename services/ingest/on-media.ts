import { createHash } from 'node:crypto';
import type { RuleName } from '../../geo/finding.ts';
import { type Header, type MediaHead, readMediaHead } from '../../protocol/jt808/index.ts';
import { type MediaKeeper, saidKind } from '../media/keep-media.ts';
import { badBody, type Received, SUCCESS, UNSUPPORTED } from './dispatch.ts';
import type { MediaUpload } from './media-upload.ts';
import { mediaPacketOf } from './media-upload.ts';
import { MediaUploads } from './media-uploads.ts';
import { PAUSED_BY_DISK } from './pause-reasons.ts';
import { timeFault } from './report-of.ts';
import type { Session } from './session.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** Packet numbers that one 0x8800 may name (JT/T 808-2013 table 82), and one 0x8003 of 2013. */
const MOST_IN_MEDIA_REPLY = 125;
const MOST_IN_PACKET_REQUEST = 255;
/** After the last packet came, others that are still on their way have this long. */
const AFTER_LAST_MS = 1_000;
/** So long a terminal may send the end of a medium again because it missed the answer. */
const REMEMBERED_MS = 60_000;

/** Alerts that the event of 0x0801 speaks of: 2 robbery, 3 collision or rollover. */
const RULES_OF_EVENT: { readonly [event: number]: readonly RuleName[] } = { 2: ['sos'], 3: ['collision'] };

const FACTS_BYTES = 8;
const DAY_MS = 86_400_000;

/** 0x0800: the terminal has a photo or a recording. Kept, so that people know what they may ask for. */
export function onMediaEvent(
  session: Session,
  lane: VehicleLane,
  keeper: MediaKeeper,
  message: Received,
): void {
  const { header, body, sink } = message;
  const head = body.length >= FACTS_BYTES ? readMediaHead(body) : null;
  if (!head) {
    badBody(session, message, `${body.length} bytes of ${FACTS_BYTES}`);
    return;
  }
  const now = session.world.now();
  const phone = session.phone ?? '';
  // Numbers begin again after a while: one of another day is another medium.
  const what = [phone, head.mediaId, head.mediaType, head.channelId, Math.floor(now / DAY_MS)];
  const id = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32);
  session.step(async () => {
    const announced = await session.untilAvailable(() =>
      keeper.options.store.announce({
        ...factsOf(session, lane, head, now),
        id,
        message: '0x0800',
      }),
    );
    if (announced) sink.acknowledge(header.serial, header.msgId, SUCCESS);
  });
}

/** 0x0801, whole or one packet of it. It is answered by 0x8800, once the whole is durable. */
export function onMedia(
  session: Session,
  lane: VehicleLane,
  keeper: MediaKeeper,
  header: Header,
  body: Uint8Array,
  frame: Uint8Array,
): void {
  const { world } = session;
  const packet = mediaPacketOf(header, body);
  if (!packet) {
    session.fault('body', `0x0801: packet ${header.part} of ${header.parts}, ${body.length} bytes`, frame);
    return;
  }
  session.media ??= new MediaUploads(world.limits);
  const { counts, spool } = keeper.options;
  const placed = session.media.place(packet, body, world.now(), () => spool.file());
  switch (placed.state) {
    case 'too_long':
    case 'busy':
      counts.outcomes.add(placed.state);
      world.log.warn(`media_${placed.state}`, { phone: session.phone, parts: packet.parts });
      // One that will never be taken is refused, so that it is not sent for ever.
      if (placed.state === 'too_long') session.acknowledge(header.serial, header.msgId, UNSUPPORTED);
      return;
    case 'repeated':
      counts.outcomes.add('packet_repeated');
      // The answer may have been lost; while it is being stored the answer is still to come.
      if (placed.upload.state === 'kept') answer(session, placed.upload, []);
      return;
    case 'new': {
      const { upload } = placed;
      if (upload.whole) void keep(session, lane, keeper, upload);
      else holdBack(session, upload);
    }
  }
}

/** Nothing is read while the disk has too much to do. */
function holdBack(session: Session, { spool }: MediaUpload): void {
  if (!spool.full) return;
  session.pause(PAUSED_BY_DISK);
  spool.onDrain = () => {
    if (!spool.full) session.resume(PAUSED_BY_DISK);
  };
}

async function keep(
  session: Session,
  lane: VehicleLane,
  keeper: MediaKeeper,
  upload: MediaUpload,
): Promise<void> {
  const { world } = session;
  const { counts } = keeper.options;
  upload.state = 'keeping';
  let stored = false;
  try {
    await upload.spool.flush();
    const head = upload.head as MediaHead;
    const kept = await keeper.keep({
      ...factsOf(session, lane, head, world.now()),
      message: '0x0801',
      bytes: upload.bytes,
      read: () => upload.read(),
      rules: RULES_OF_EVENT[head.eventCode] ?? [],
    });
    stored = kept !== null;
  } catch (error) {
    counts.outcomes.add('spool_failed');
    world.log.error({ err: error, phone: session.phone }, 'an upload could not be written to the spool');
  }
  upload.state = 'kept';
  upload.touchedAt = world.now();
  void upload.spool.discard();
  if (!stored) {
    // Nothing was acknowledged: the terminal has it still, and sends it again.
    session.media?.drop(upload);
    return;
  }
  answer(session, upload, []);
  world.outbox.flush();
}

/** 0x8800: stored, or with the numbers of packets that are missing. */
function answer(session: Session, upload: MediaUpload, missing: readonly number[]): void {
  const { head, header } = upload;
  if (!head) return;
  const edition2011 = head.location === null && head.counted !== null;
  session.send(0x8800, {
    ...(edition2011 ? { responseSerial: header.serial } : {}),
    mediaId: head.mediaId,
    ...(missing.length > 0 ? { retransmitIds: missing } : {}),
  });
}

/** Once a second: asks for what is missing, and gives up what has been asked for often enough. */
export function expireMedia(session: Session, now: number): void {
  const { media, world } = session;
  const counts = world.media?.options.counts;
  if (!media || !counts) return;
  const { missingPacketsMs, maxPacketRequests, maxMediaMs } = world.limits;
  for (const upload of media.coming) {
    const quietMs = now - upload.touchedAt;
    const tooOld = now - upload.startedAt > maxMediaMs;
    if (!tooOld && quietMs < (upload.lastPartSeen ? AFTER_LAST_MS : missingPacketsMs)) continue;
    if (tooOld || upload.requests >= maxPacketRequests || upload.spool.fault) {
      counts.outcomes.add(upload.spool.fault ? 'spool_failed' : 'incomplete');
      world.log.warn('media_incomplete', {
        phone: session.phone,
        parts: upload.parts,
        received: upload.received,
      });
      media.drop(upload);
      continue;
    }
    askForMissing(session, upload);
    upload.requests += 1;
    upload.touchedAt = now;
  }
  media.forget(now - REMEMBERED_MS);
  if (media.idle) session.media = null;
}

/** Some terminals know 0x8800 with a list, some 0x8003: in turns, since which is not known. */
function askForMissing(session: Session, upload: MediaUpload): void {
  session.world.counts.events.add('packets_requested');
  if (upload.head && upload.requests % 2 === 0) answer(session, upload, upload.missing(MOST_IN_MEDIA_REPLY));
  else {
    session.send(0x8003, {
      originalSerial: upload.firstSerial,
      retransmitIds: upload.missing(MOST_IN_PACKET_REQUEST),
    });
  }
}

function factsOf(session: Session, lane: VehicleLane, head: MediaHead, now: number) {
  const { location } = head;
  const dated = location?.timeMs != null && timeFault(location.timeMs, now) === null;
  const placed = location !== null && (location.statusFlags & 2) !== 0;
  return {
    vehicle: lane.vehicle,
    phone: session.phone ?? '',
    kind: saidKind(head.mediaType),
    channel: head.channelId,
    event: head.eventCode,
    terminalMediaId: head.mediaId,
    name: null,
    alarmNumber: null,
    time: dated ? (location.timeMs as number) : now,
    receivedAt: now,
    lat: placed ? location.latE6 / 1e6 : null,
    lon: placed ? location.lonE6 / 1e6 : null,
  };
}
