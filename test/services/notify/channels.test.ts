import { createECDH, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import webPush from 'web-push';
import { aliyunSmsChannel, signedAliyunRequest } from '../../../services/notify/channels/aliyun-sms.ts';
import type { ChannelMessage, ChannelWorld } from '../../../services/notify/channels/channel.ts';
import { emailChannel } from '../../../services/notify/channels/email.ts';
import { dingtalkChannel, wecomChannel } from '../../../services/notify/channels/robots.ts';
import { signedTencentHeaders, tencentSmsChannel } from '../../../services/notify/channels/tencent-sms.ts';
import { webPushChannel } from '../../../services/notify/channels/web-push.ts';
import { webhookChannel } from '../../../services/notify/channels/webhook.ts';
import { wechatChannel } from '../../../services/notify/channels/wechat.ts';
import { render } from '../../../services/notify/render.ts';

interface Request {
  readonly path: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}
interface Reply {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
}

const NOW = Date.parse('2026-11-24T07:05:00+08:00');
const requests: Request[] = [];
let answer: (request: Request) => Reply = () => ({});
let base = '';

/** Speaks for every provider; what it says is set by each test. */
const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const url = new URL(incoming.url ?? '/', base);
    const request = { path: url.pathname, url, headers: incoming.headers, body: Buffer.concat(chunks) };
    requests.push(request);
    const { status = 200, headers = {}, body = {} } = answer(request);
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  requests.length = 0;
  answer = () => ({});
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const world: ChannelWorld = { fetch: globalThis.fetch, now: () => NOW, timeoutMs: 2_000 };
const payload = { trip: 'T1', date: '20261124', expected: NOW + 300_000, stop: 'A' };
const message: ChannelMessage = {
  id: '20261124-7',
  kind: 'minutes_before',
  safety: false,
  language: 'zh',
  rendered: render('minutes_before', payload, 'zh', null, NOW),
  url: 'https://bus.example/family',
  tag: 'tag',
  expiresAt: NOW + 150_000,
};

describe('web push', () => {
  const keys = { ...webPush.generateVAPIDKeys(), subject: 'mailto:bus@example.org' };
  const browser = createECDH('prime256v1');
  const p256dh = browser.generateKeys('base64url');
  const auth = randomBytes(16).toString('base64url');
  const subscription = () => JSON.stringify({ endpoint: `${base}/push/1`, keys: { p256dh, auth } });

  it('is encrypted for the browser, signed, and ends with its use', async () => {
    answer = () => ({ status: 201, headers: { location: '/message/9' } });
    const sent = await webPushChannel(keys, world).send(subscription(), message);
    expect(sent).toEqual({ ok: true, providerId: '/message/9' });
    const { headers, body } = requests[0]!;
    expect(headers).toMatchObject({
      ttl: '150',
      urgency: 'high',
      topic: 'tag',
      'content-encoding': 'aes128gcm',
    });
    const [, token, key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '')!;
    expect(key).toBe(keys.publicKey);
    const claims = JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({ aud: base, sub: keys.subject });
    expect(await isSigned(token!, keys.publicKey)).toBe(true);
    const shown = JSON.parse(await decrypted(body, browser, auth));
    expect(shown).toEqual({
      id: '20261124-7',
      kind: 'minutes_before',
      title: message.rendered.title,
      body: message.rendered.text,
      url: 'https://bus.example/family',
      tag: 'tag',
    });
  });

  it.each([
    [410, { ok: false, permanent: true, gone: true }],
    [404, { ok: false, permanent: true, gone: true }],
    [429, { ok: false, permanent: false, retryAfterMs: 7_000 }],
    [503, { ok: false, permanent: false }],
    [413, { ok: false, permanent: true }],
  ])('reads %i', async (status, expected) => {
    answer = () => ({ status, headers: { 'retry-after': '7' } });
    expect(await webPushChannel(keys, world).send(subscription(), message)).toMatchObject(expected);
  });
});

describe('text messages', () => {
  const aliyun = () =>
    aliyunSmsChannel(
      {
        endpoint: base,
        accessKeyId: 'id',
        accessKeySecret: 'secret',
        signName: '护航',
        templates: { default: { code: 'SMS_1', params: { minutes: 'minutes', stop: 'stop' } } },
      },
      world,
    );
  const tencent = () =>
    tencentSmsChannel(
      {
        endpoint: base,
        secretId: 'id',
        secretKey: 'secret',
        region: 'ap-guangzhou',
        sdkAppId: '1400',
        signName: '护航',
        templates: { default: { id: '7', params: ['minutes', 'expected'] } },
      },
      world,
    );

  it('of Aliyun are signed over method, query and headers (V3)', async () => {
    answer = () => ({ body: { Code: 'OK', BizId: 'biz-1', Message: 'OK' } });
    expect(await aliyun().send('+8613800000001', message)).toEqual({ ok: true, providerId: 'biz-1' });
    const { url, headers } = requests[0]!;
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      PhoneNumbers: '13800000001',
      SignName: '护航',
      TemplateCode: 'SMS_1',
      OutId: '20261124-7',
    });
    expect(JSON.parse(query.TemplateParam!)).toEqual({ minutes: '5', stop: '-' });
    expect(headers).toMatchObject({
      'x-acs-action': 'SendSms',
      'x-acs-version': '2017-05-25',
      'x-acs-date': '2026-11-23T23:05:00Z',
    });
    // Signed anew from what arrived.
    const again = signedAliyunRequest(
      { endpoint: base, accessKeyId: 'id', accessKeySecret: 'secret' },
      'SendSms',
      query,
      NOW,
      String(headers['x-acs-signature-nonce']),
    );
    expect(headers.authorization).toBe(again.headers.authorization);
    expect(again.headers.authorization).toMatch(
      /^ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=[0-9a-f]{64}$/,
    );
  });

  it('of Aliyun: a bad number is final, throttling is not', async () => {
    answer = () => ({ body: { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: 'no' } });
    expect(await aliyun().send('1', message)).toMatchObject({ ok: false, permanent: true });
    answer = () => ({ body: { Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: 'slow' } });
    expect(await aliyun().send('1', message)).toMatchObject({ ok: false, permanent: false });
  });

  it('of Tencent are signed over the body (TC3)', async () => {
    answer = () => ({
      body: { Response: { SendStatusSet: [{ Code: 'Ok', SerialNo: 'serial', Message: '' }] } },
    });
    expect(await tencent().send('13800000001', message)).toEqual({ ok: true, providerId: 'serial' });
    const { headers, body } = requests[0]!;
    expect(JSON.parse(body.toString())).toMatchObject({
      PhoneNumberSet: ['+8613800000001'],
      TemplateParamSet: ['5', '07:10'],
      SessionContext: '20261124-7',
    });
    const keys = { endpoint: base, secretId: 'id', secretKey: 'secret', region: 'ap-guangzhou' };
    expect(headers.authorization).toBe(signedTencentHeaders(keys, body.toString(), NOW).authorization);
    expect(headers).toMatchObject({ 'x-tc-action': 'SendSms', 'x-tc-version': '2021-01-11' });
    answer = () => ({ body: { Response: { Error: { Code: 'RequestLimitExceeded', Message: '' } } } });
    expect(await tencent().send('1', message)).toMatchObject({ ok: false, permanent: false });
    answer = () => ({
      body: {
        Response: { SendStatusSet: [{ Code: 'FailedOperation.PhoneNumberInBlacklist', Message: '' }] },
      },
    });
    expect(await tencent().send('1', message)).toMatchObject({ ok: false, permanent: true });
  });
});

describe('WeChat template messages', () => {
  const channel = () =>
    wechatChannel(
      {
        endpoint: base,
        appId: 'wx1',
        appSecret: 'secret',
        templates: { default: { id: 'TPL', data: { thing1: 'title', time2: 'expected' } } },
      },
      world,
    );

  it('take one token for many, and another where it has run out', async () => {
    let tokens = 0;
    let good = 'token-1';
    answer = ({ path, url }) => {
      if (path.endsWith('stable_token'))
        return { body: { access_token: `token-${++tokens}`, expires_in: 7200 } };
      return {
        body:
          url.searchParams.get('access_token') === good
            ? { errcode: 0, errmsg: 'ok', msgid: 42 }
            : { errcode: 42001, errmsg: 'expired' },
      };
    };
    const wechat = channel();
    const both = await Promise.all([wechat.send('openid', message), wechat.send('openid', message)]);
    expect(both).toEqual([
      { ok: true, providerId: '42' },
      { ok: true, providerId: '42' },
    ]);
    expect(tokens).toBe(1);
    expect(JSON.parse(requests[0]!.body.toString())).toEqual({
      grant_type: 'client_credential',
      appid: 'wx1',
      secret: 'secret',
      force_refresh: false,
    });
    expect(JSON.parse(requests[1]!.body.toString())).toMatchObject({
      touser: 'openid',
      template_id: 'TPL',
      client_msg_id: '20261124-7',
      data: { thing1: { value: message.rendered.title }, time2: { value: '07:10' } },
    });
    good = 'token-2';
    expect(await wechat.send('openid', message)).toMatchObject({ ok: true });
    expect(tokens).toBe(2);
  });

  it('to somebody who follows no more are final', async () => {
    answer = ({ path }) =>
      path.endsWith('stable_token')
        ? { body: { access_token: 't', expires_in: 7200 } }
        : { body: { errcode: 43004, errmsg: 'require subscribe' } };
    expect(await channel().send('openid', message)).toMatchObject({ ok: false, permanent: true, gone: true });
  });
});

describe('robots and webhooks', () => {
  it('of DingTalk are signed by time and secret', async () => {
    answer = () => ({ body: { errcode: 0, errmsg: 'ok' } });
    const sent = await dingtalkChannel(world).send(`${base}/robot/send?access_token=x SECabc`, message);
    expect(sent).toEqual({ ok: true, providerId: null });
    const { url } = requests[0]!;
    const sign = createHmac('sha256', 'SECabc').update(`${NOW}\nSECabc`).digest('base64');
    expect(Object.fromEntries(url.searchParams)).toEqual({ access_token: 'x', timestamp: String(NOW), sign });
  });

  it('of WeCom say when they are asked too often', async () => {
    answer = () => ({ body: { errcode: 45009, errmsg: 'freq' } });
    const sent = await wecomChannel(world).send(`${base}/cgi-bin/webhook/send?key=k`, message);
    expect(sent).toMatchObject({ ok: false, permanent: false });
    expect(JSON.parse(requests[0]!.body.toString()).text.content).toContain(message.rendered.text);
  });

  it('of others have an HMAC over time and body', async () => {
    const secret = 'a secret of sixteen';
    const address = `${base}/hook ${secret.replaceAll(' ', '_')}`;
    expect(await webhookChannel(world).send(address, message)).toEqual({
      ok: true,
      providerId: '20261124-7',
    });
    const { headers, body } = requests[0]!;
    const expected = createHmac('sha256', secret.replaceAll(' ', '_'))
      .update(`${headers['busguard-timestamp']}.${body.toString()}`)
      .digest('hex');
    expect(headers['busguard-signature']).toBe(`sha256=${expected}`);
    answer = () => ({ status: 302, headers: { location: 'http://169.254.169.254/' } });
    expect(await webhookChannel(world).send(address, message)).toMatchObject({ ok: false, permanent: true });
    expect(requests).toHaveLength(2);
  });

  it('that do not answer are tried again', async () => {
    const nowhere = { ...world, timeoutMs: 200 };
    expect(await webhookChannel(nowhere).send('http://127.0.0.1:1/ s', message)).toMatchObject({
      ok: false,
      permanent: false,
    });
  });
});

describe('e-mail', () => {
  it('goes by SMTP, names the notice, and knows a mailbox that is not there', async () => {
    const mails: string[] = [];
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('nobody')
          ? done(Object.assign(new Error('no such user'), { responseCode: 550 }))
          : done(),
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    const { port } = smtp.server.address() as AddressInfo;
    const channel = emailChannel({ url: `smtp://127.0.0.1:${port}`, from: 'bus@example.org' }, world);
    expect(await channel.send('a@example.org', message)).toEqual({
      ok: true,
      providerId: '<20261124-7@example.org>',
    });
    expect(mails[0]).toMatch(/message-id: <20261124-7@example.org>/i);
    expect(await channel.send('nobody@example.org', message)).toMatchObject({ ok: false, permanent: true });
    await channel.close?.();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });
});

/** As a browser does it: RFC 8188 with the keys of RFC 8291. */
async function decrypted(
  body: Buffer,
  browser: ReturnType<typeof createECDH>,
  auth: string,
): Promise<string> {
  const { createDecipheriv, hkdfSync } = await import('node:crypto');
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + body[20]!);
  const sealed = body.subarray(21 + body[20]!);
  const shared = browser.computeSecret(sender);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]);
  const ikm = Buffer.from(hkdfSync('sha256', shared, Buffer.from(auth, 'base64url'), info, 32));
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8');
}

async function isSigned(token: string, publicKey: string): Promise<boolean> {
  const { createPublicKey, verify } = await import('node:crypto');
  const point = Buffer.from(publicKey, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const [head, claims, signature] = token.split('.');
  return verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature!, 'base64url'),
  );
}
