import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { fromHex, sealFrame } from '../../../protocol/jt808/index.ts';
import { rsaDecryptor } from '../../../services/rsa-bodies.ts';
import { type IngestFixture, ingestFixture, phoneOf } from '../../support/ingest-fixture.ts';
import { locationBody } from '../../support/terminal-bytes.ts';
import type { TestTerminal } from '../../support/test-terminal.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
const decryptBody = rsaDecryptor(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
const time = Math.floor(Date.now() / 1_000) * 1_000;

let fixture: IngestFixture;
afterEach(() => fixture.close());

/** A report whose body is encrypted for the platform; what it was answered. */
function encryptedReport(terminal: TestTerminal): Promise<number> {
  const key = { key: pair.publicKey, padding: constants.RSA_PKCS1_PADDING };
  const body = publicEncrypt(key, Uint8Array.from(locationBody({ time, lat: 31.8 })));
  const head = fromHex(`02000400${phoneOf(1).padStart(12, '0')}0000`)!;
  head[3] = body.length;
  const { serial } = terminal;
  head[10] = serial >>> 8;
  head[11] = serial;
  terminal.socket.write(sealFrame(Uint8Array.of(...head, ...body)));
  return terminal.ackOf(serial);
}

describe('an encrypted report', () => {
  it('is refused as unsupported without a key, and kept', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    expect(await encryptedReport(terminal)).toBe(3);
    expect(await fixture.metric('faults_total', 'encrypted')).toBe(1);
    expect(fixture.memory.positions('V1')).toEqual([]);
  });

  it('is stored and acknowledged with one', async () => {
    fixture = await ingestFixture({ decryptBody });
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    expect(await encryptedReport(terminal)).toBe(0);
    expect(fixture.memory.positions('V1')).toMatchObject([{ time, lat: 31.8 }]);
  });
});
