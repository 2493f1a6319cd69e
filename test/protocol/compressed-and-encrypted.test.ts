import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../protocol/jt808/compile/gunzip.ts';
import { FrameReader, FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import {
  encodeFrame,
  encodeMessage,
  fromHex,
  hex,
  sealFrame,
  unescapeInto,
} from '../../protocol/jt808/index.ts';
import { rsaDecryptor } from '../../services/rsa-bodies.ts';
import { REFERENCE_FRAMES as F } from './vectors.ts';

const header = { version: '2013', phone: '013912345678', serial: 7 } as const;

/** The body of a frame of 2013. */
function bodyOf(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length);
  return bytes.subarray(12, unescapeInto(frame.subarray(1, -1), bytes) - 1);
}

const location = bodyOf(fromHex(F.location)!);

describe('compressed reports (0x0901)', () => {
  const report = (packed: Uint8Array) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, packed.length);
    return hex(encodeFrame({ ...header, msgId: 0x0901 }, Uint8Array.of(...length, ...packed)));
  };

  it('are unpacked, and come back byte for byte', () => {
    const packed = gzipSync(location);
    const object = new FrameReader().read(report(packed));
    expect(object).toMatchObject({
      ok: true,
      body: { contentHex: packed.toString('hex'), unzippedHex: hex(location) },
      warnings: [],
    });
    expect(object).not.toHaveProperty('raw');
    expect(new FrameWriter().write(JSON.stringify(object))).toEqual([report(packed)]);
  });

  it('that are cut off, or no GZIP, are kept packed, with a warning', () => {
    for (const packed of [gzipSync(location).subarray(0, 30), location.subarray(0, 20)]) {
      const object = new FrameReader().read(report(packed));
      expect(object).toMatchObject({ ok: true, body: { contentHex: hex(packed) } });
      expect(object).toMatchObject({ warnings: [expect.stringMatching(/^gzip: contentHex is no/)] });
    }
  });

  it('are not unpacked beyond a bound', () => {
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024));
    expect(gunzip(bomb, 1024 * 1024)).toBe('unpacks to more than 1048576 bytes');
    expect(gunzip(gzipSync(new Uint8Array(1000)), 1000)).toHaveLength(1000);
  });
});

describe('encrypted bodies', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const withKey = { decrypt: rsaDecryptor(pem) };

  /** RSA in blocks of the key, PKCS #1 v1.5 in each; `attribute` is the high byte of the header's. */
  function encrypted(body: Uint8Array, attribute = 0x04): string {
    const key = { key: pair.publicKey, padding: constants.RSA_PKCS1_PADDING };
    const blocks: Buffer[] = [];
    for (let at = 0; at < body.length; at += 117)
      blocks.push(publicEncrypt(key, body.subarray(at, at + 117)));
    const cipher = Buffer.concat(blocks);
    const head = fromHex('020000000139123456780002')!;
    head[2] = attribute | (cipher.length >>> 8);
    head[3] = cipher.length;
    return hex(sealFrame(Uint8Array.of(...head, ...cipher)));
  }

  const line = encrypted(location);
  const plain = new FrameReader().read(F.location) as unknown as { body: { extras: object } };

  it('are refused where no key is configured', () => {
    expect(new FrameReader().read(line)).toMatchObject({
      ok: false,
      error: 'unsupported',
      detail: 'the body is encrypted (RSA) and no key is configured',
    });
  });

  it('are read with the key, and come back byte for byte', () => {
    const object = new FrameReader(withKey).read(line);
    expect(object).toMatchObject({ ok: true, encrypted: true, warnings: [], raw: expect.any(String) });
    expect(object).toMatchObject({ body: plain.body });
    expect(new FrameWriter().write(JSON.stringify(object))).toEqual([line]);
  });

  it('longer than a block are read block after block', () => {
    const unknown = [{ id: '0xE1', hex: 'ab'.repeat(250) }];
    const body = { ...plain.body, extras: { ...plain.body.extras, unknown } };
    const [clear] = encodeMessage({ ...header, msgId: 0x0200, body });
    const object = new FrameReader(withKey).read(encrypted(bodyOf(clear!)));
    expect(object).toMatchObject({ ok: true, encrypted: true, body });
  });

  it('are refused with another key, another method, or where they are no whole blocks', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const wrong = { decrypt: rsaDecryptor(other.export({ type: 'pkcs1', format: 'pem' })) };
    const refused = { ok: false, error: 'unsupported', detail: expect.stringMatching(/cannot be decrypted/) };
    expect(new FrameReader(wrong).read(line)).toMatchObject(refused);
    expect(new FrameReader(withKey).read(encrypted(location, 0x08))).toMatchObject(refused);
    expect(withKey.decrypt(1, new Uint8Array(100))).toBeNull();
    expect(withKey.decrypt(1, new Uint8Array(0))).toBeNull();
  });

  it('are never sent in clear in their stead', () => {
    const { raw: _, ...edited } = new FrameReader(withKey).read(line) as unknown as Record<string, unknown>;
    expect(() => new FrameWriter().write(JSON.stringify(edited))).toThrow(/^encrypted/);
  });
});
