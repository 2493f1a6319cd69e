import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaView } from '../../../services/api/contract.ts';
import { readByteRange } from '../../../services/api/routes/byte-range.ts';
import { mediaSubject } from '../../../services/bus/subjects.ts';
import { mediaKey } from '../../../services/media/media-files.ts';
import type { MediaDraft, StoredMedia } from '../../../services/store/media-store.ts';
import { pictureBytes, sha256 } from '../../support/media-fixture.ts';
import { at, PEOPLE, type Who } from './small-plan.ts';
import { connected, event, type Fixture, startFixture } from './web-fixture.ts';

const PICTURE = pictureBytes(5_000);
const PAGE = Buffer.from('<!doctype html><script>alert(1)</script>');
const idOf = (n: number): string => n.toString(16).padStart(32, '0');

let web: Fixture;
const cookies = new Map<Who, string>();

/** Puts a medium where the ingest would have. */
function store(
  n: number,
  vehicle: string,
  time: number,
  bytes: Buffer,
  contentType: string,
  more: Partial<StoredMedia> = {},
) {
  const draft: MediaDraft = {
    id: idOf(n),
    vehicle,
    phone: '13900000001',
    kind: 'photo',
    message: '0x0801',
    channel: 1,
    event: 0,
    terminalMediaId: n,
    name: null,
    alarmNumber: null,
    time,
    receivedAt: time + 2_000,
    lat: 31.7,
    lon: 119.9,
  };
  const key = mediaKey(draft.id, time, 'jpg');
  const file = { contentType, bytes: bytes.length, sha256: sha256(bytes), key };
  web.media.rows.set(draft.id, {
    ...draft,
    file,
    findingId: null,
    legalHold: false,
    ...more,
    state: 'stored',
    begun: file,
  });
  web.files.held.set(key, bytes);
}

const get = (path: string, who: Who, headers: Record<string, string> = {}) =>
  web.ask(`/api/v1${path}`, { cookie: cookies.get(who), headers });
const listed = async (path: string, who: Who): Promise<number[]> => {
  const { items } = (await (await get(path, who)).json()) as { items: MediaView[] };
  return items.map(({ id }) => Number.parseInt(id, 16));
};

beforeAll(async () => {
  web = await startFixture();
  for (const who of Object.keys(PEOPLE) as Who[]) cookies.set(who, await web.signIn(who));
  store(1, 'V1', at('07:04'), PICTURE, 'image/jpeg', { findingId: 'f1' });
  store(2, 'V2', at('07:04'), PICTURE, 'image/jpeg');
  store(3, 'V1', at('12:00'), PAGE, 'application/octet-stream');
  store(4, 'V1', at('07:06'), PICTURE, 'image/jpeg', { file: null });
});
afterAll(() => web.close());

describe('photos and recordings', () => {
  it('are seen by those who may see the vehicle at that time, and nobody else', async () => {
    const seen: Record<string, number[] | number> = {};
    for (const who of cookies.keys()) {
      const answer = await get('/media', who);
      seen[who] = answer.status === 200 ? await listed('/media', who) : answer.status;
    }
    const all = [3, 4, 1, 2];
    expect(seen).toMatchObject({
      admin: all,
      policeAll: all,
      police1: [3, 4, 1],
      police2: [2],
      transport1: [3, 4, 1],
      school1: [3, 4, 1],
      school2: [2],
      guardian1: 403,
      guardian2: 403,
      escort1: [4, 1],
      escort2: [2],
      escortNone: [],
    });
    expect((await web.ask('/api/v1/media')).status).toBe(401);
    for (const path of [`/media/${idOf(1)}`, `/media/${idOf(1)}/content`]) {
      expect((await get(path, 'police1')).status).toBe(200);
      expect((await get(path, 'police2')).status).toBe(404);
      expect((await get(path, 'guardian1')).status).toBe(403);
      expect((await web.ask(`/api/v1${path}`)).status).toBe(401);
    }
    expect((await get(`/media/${idOf(99)}`, 'admin')).status).toBe(404);
    expect((await get('/media/..%2f..%2fetc', 'admin')).status).toBe(400);
  });

  it('are found by vehicle, time and alert, page by page', async () => {
    expect(await listed('/media?vehicle=V2', 'admin')).toEqual([2]);
    expect(await listed('/media?finding=f1', 'admin')).toEqual([1]);
    const from = encodeURIComponent('2026-11-24T07:05:00+08:00');
    expect(await listed(`/media?from=${from}`, 'admin')).toEqual([3, 4]);
    expect(await listed(`/media?to=${from}`, 'admin')).toEqual([1, 2]);
    const pages: number[][] = [];
    for (let next: string | null = ''; next !== null && pages.length < 9; ) {
      const page = (await (await get(`/media?limit=1&before=${next}`, 'admin')).json()) as {
        items: MediaView[];
        next: string | null;
      };
      pages.push(page.items.map(({ id }) => Number.parseInt(id, 16)));
      next = page.next;
    }
    expect(pages.flat()).toEqual([3, 4, 1, 2]);
    expect((await get('/media?from=yesterday', 'admin')).status).toBe(400);
  });

  it('say what they are', async () => {
    expect(await (await get(`/media/${idOf(1)}`, 'school1')).json()).toEqual({
      id: idOf(1),
      vehicle: 'V1',
      plate: web.current.plan?.vehicles.get('V1')?.plate,
      kind: 'photo',
      source: 'upload',
      channel: 1,
      event: 0,
      time: '2026-11-24T07:04:00.000+08:00',
      receivedAt: '2026-11-24T07:04:02.000+08:00',
      lat: 31.7,
      lon: 119.9,
      alert: 'f1',
      name: null,
      terminalMediaId: 1,
      stored: true,
      shown: true,
      contentType: 'image/jpeg',
      bytes: 5_000,
      sha256: sha256(PICTURE),
      legalHold: false,
    });
  });

  it('are given as what they are, to be looked at and nothing else', async () => {
    const answer = await get(`/media/${idOf(1)}/content`, 'admin', { 'accept-encoding': 'br, gzip' });
    expect(Buffer.from(await answer.arrayBuffer()).equals(PICTURE)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '5000',
      'content-disposition': "inline; filename*=UTF-8''V1-20261124T070400-1.jpg",
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
      etag: `"${sha256(PICTURE)}"`,
    });
    const page = await get(`/media/${idOf(3)}/content`, 'admin');
    expect(page.headers.get('content-type')).toBe('application/octet-stream');
    expect(page.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect((await get(`/media/${idOf(4)}/content`, 'admin')).status).toBe(404);
  });

  it('are given in parts, and not again to those who have them', async () => {
    const part = await get(`/media/${idOf(1)}/content`, 'admin', { range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([
      206,
      'bytes 100-199/5000',
      '100',
    ]);
    expect(Buffer.from(await part.arrayBuffer()).equals(PICTURE.subarray(100, 200))).toBe(true);
    const beyond = await get(`/media/${idOf(1)}/content`, 'admin', { range: 'bytes=5000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */5000']);
    const etag = `"${sha256(PICTURE)}"`;
    expect((await get(`/media/${idOf(1)}/content`, 'admin', { 'if-none-match': etag })).status).toBe(304);
    const changed = { range: 'bytes=0-9', 'if-range': '"another"' };
    expect((await get(`/media/${idOf(1)}/content`, 'admin', changed)).status).toBe(200);
  });

  it('are looked at on the record', async () => {
    web.audit.length = 0;
    await get('/media?finding=f1', 'school1');
    await get(`/media/${idOf(1)}`, 'school1');
    await get(`/media/${idOf(1)}/content`, 'school1', { range: 'bytes=1-2' });
    await get(`/media/${idOf(2)}/content`, 'school1');
    expect(web.audit).toMatchObject([
      { userId: PEOPLE.school1.id, action: 'media-list', subject: 'f1', detail: { media: [idOf(1)] } },
      { action: 'media-look', subject: idOf(1) },
      { action: 'media-read', subject: idOf(1), detail: { vehicle: 'V1', range: 'bytes=1-2' } },
    ]);
  });

  it('are held as evidence by those who handle cases', async () => {
    const hold = (who: Who, held: boolean) =>
      web.ask(`/api/v1/media/${idOf(1)}/hold`, {
        method: 'POST',
        cookie: cookies.get(who),
        body: JSON.stringify({ held }),
      });
    expect((await hold('school1', true)).status).toBe(403);
    expect((await hold('police2', true)).status).toBe(404);
    expect(await (await hold('police1', true)).json()).toMatchObject({ legalHold: true });
    expect(await (await hold('admin', false)).json()).toMatchObject({ legalHold: false });
    expect(web.audit.slice(-2)).toMatchObject([{ action: 'media-hold' }, { action: 'media-release' }]);
  });

  it('come to those who watch and may see them', async () => {
    const [mine, others] = [web.sockets(cookies.get('school1')!), web.sockets(cookies.get('school2')!)];
    await Promise.all([connected(mine), connected(others)]);
    const got: MediaView[] = [];
    others.on('media', (media: MediaView) => got.push(media));
    const arrived = [event<MediaView>(mine, 'media'), event<MediaView>(others, 'media')];
    const [first, second] = [web.media.rows.get(idOf(1))!, web.media.rows.get(idOf(2))!];
    web.bus.publish(mediaSubject('', 'V1'), { media: first });
    web.bus.publish(mediaSubject('', 'V2'), { media: second });
    expect((await Promise.all(arrived)).map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
    expect(got.map(({ id }) => id)).toEqual([idOf(2)]);
    mine.close();
    others.close();
  });
});

describe('the bytes a Range asks for', () => {
  it.each([
    [undefined, null],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=10-', { start: 10, end: 99 }],
    ['bytes=90-500', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=5-2', null],
    ['bytes=-', null],
    ['bytes=0-1,5-6', null],
    ['lines=1-2', null],
  ] as const)('%s', (header, expected) => {
    expect(readByteRange(header, 100)).toEqual(expected);
  });
});
