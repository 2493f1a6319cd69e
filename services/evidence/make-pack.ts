import { randomUUID } from 'node:crypto';
import { contentExtension } from '../media/content-type.ts';
import type { MediaFiles } from '../media/media-files.ts';
import type { StoredPack } from '../store/evidence-store.ts';
import type { StoredMedia } from '../store/media-store.ts';
import type { Store, StoredFinding } from '../store/store.ts';
import { chainOf, chainText, type Link, verifyChain } from './chain.ts';
import { evidenceSpan, type Gathering, gatherEvidence } from './gather.ts';
import { mediaName, type PackFile, zipPack } from './pack-zip.ts';
import { type PdfPhoto, renderPdf } from './render-pdf.ts';

/** Photos printed on a pack; all of them are in its archive. */
const MOST_PRINTED = 12;
/** Bytes of photos and recordings in one archive; larger ones are named in the chain and left out of it. */
const MAX_MEDIA_BYTES = 256 * 1024 * 1024;
const PRINTABLE = new Set(['image/jpeg', 'image/png']);

/** Gathers and ties together what is known of an alert, keeps the chain, and holds what it rests on from deletion. */
export async function makePack(gathering: Omit<Gathering, 'packId'>): Promise<StoredPack> {
  const { store, alert, by, at } = gathering;
  const id = randomUUID();
  const links = chainOf(await gatherEvidence({ ...gathering, packId: id }));
  const pack = await store.evidence.savePack({
    id,
    alertId: alert.finding.id,
    vehicle: alert.finding.vehicle,
    madeAt: at,
    userId: by.id,
    userName: by.displayName,
    records: links.length,
    head: links.at(-1)!.hash,
    chain: chainText(links),
  });
  await holdFor(store, alert, pack);
  return pack;
}

async function holdFor(
  store: Pick<Store, 'evidence' | 'media'>,
  { finding }: StoredFinding,
  pack: StoredPack,
): Promise<void> {
  await store.evidence.hold({
    id: pack.id,
    vehicle: finding.vehicle,
    ...evidenceSpan(finding, pack.madeAt),
    reason: `evidence pack ${pack.id}`,
    alertId: finding.id,
    heldAt: pack.madeAt,
    heldBy: pack.userName,
  });
  for (const medium of linksOf(pack, 'medium')) await store.media.hold((medium as { id: string }).id, true);
}

const readLinks = (pack: StoredPack): readonly Link[] => {
  const chain = verifyChain(pack.chain);
  if (!chain.ok || chain.head !== pack.head) throw new Error(`evidence pack ${pack.id} is not what was kept`);
  return chain.links;
};

const linksOf = (pack: StoredPack, kind: string): unknown[] =>
  readLinks(pack)
    .filter((link) => link.kind === kind)
    .map(({ data }) => data);

/** The pack for people. */
export async function packPdf(
  pack: StoredPack,
  parts: { readonly store: Pick<Store, 'media'>; readonly files: MediaFiles },
): Promise<Buffer> {
  return renderPdf(readLinks(pack), printable(await mediaOf(pack, parts)));
}

/** The pack for machines and for the police: chain, pages, photos. */
export async function packZip(
  pack: StoredPack,
  parts: { readonly store: Pick<Store, 'media'>; readonly files: MediaFiles },
): Promise<Uint8Array> {
  const media = await mediaOf(pack, parts);
  const pdf = await renderPdf(readLinks(pack), printable(media));
  const files: PackFile[] = media.map(({ medium, bytes }) => ({
    name: mediaName(medium.id, contentExtension(medium.file?.contentType ?? '')),
    bytes,
  }));
  return zipPack(pack.chain, pack.head, pack.records, pdf, files);
}

interface ReadMedium {
  readonly medium: StoredMedia;
  readonly bytes: Uint8Array;
}

const printable = (media: readonly ReadMedium[]): PdfPhoto[] =>
  media
    .filter(({ medium }) => PRINTABLE.has(medium.file?.contentType ?? ''))
    .slice(0, MOST_PRINTED)
    .map(({ medium, bytes }) => ({ id: medium.id, bytes }));

/** The photos that the chain names, as far as they are still there: they are held, so they should be. */
async function mediaOf(
  pack: StoredPack,
  { store, files }: { readonly store: Pick<Store, 'media'>; readonly files: MediaFiles },
): Promise<ReadMedium[]> {
  const read: ReadMedium[] = [];
  let total = 0;
  for (const named of linksOf(pack, 'medium')) {
    const medium = await store.media.get((named as { id: string }).id);
    if (!medium?.file || total + medium.file.bytes > MAX_MEDIA_BYTES) continue;
    const stream = await files.get(medium.file.key);
    if (!stream) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk as Uint8Array);
    read.push({ medium, bytes: Buffer.concat(chunks) });
    total += medium.file.bytes;
  }
  return read;
}
