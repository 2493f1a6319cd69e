import { createHash, createHmac } from 'node:crypto';
import { type Channel, type ChannelWorld, later, refused, type Sent } from './channel.ts';
import { type Answer, NoAnswer, post } from './post.ts';
import { fieldOf, type TemplateField, type Templates, templateOf } from './templates.ts';

export interface TencentSmsOptions {
  readonly endpoint: string;
  readonly secretId: string;
  readonly secretKey: string;
  readonly region: string;
  readonly sdkAppId: string;
  readonly signName: string;
  /** Template id, and the fields that its variables take in order. */
  readonly templates: Templates<{ readonly id: string; readonly params: readonly TemplateField[] }>;
}

const ACTION = 'SendSms';
const VERSION = '2021-01-11';
const ALGORITHM = 'TC3-HMAC-SHA256';
const CONTENT_TYPE = 'application/json; charset=utf-8';
const MOST_CHARACTERS = 12;

/** 腾讯云短信 SendSms (2021-01-11), signed by TC3-HMAC-SHA256. */
export function tencentSmsChannel(options: TencentSmsOptions, world: ChannelWorld): Channel {
  return {
    name: 'sms',
    async send(phone, message) {
      const template = templateOf(options.templates, message.kind);
      if (!template) return refused(`no template for ${message.kind}`);
      const body = JSON.stringify({
        PhoneNumberSet: [`+86${phone.replace(/^\+?86(?=1\d{10}$)/, '')}`],
        SmsSdkAppId: options.sdkAppId,
        SignName: options.signName,
        TemplateId: template.id,
        TemplateParamSet: template.params.map((field) => fieldOf(message.rendered, field, MOST_CHARACTERS)),
        SessionContext: message.id,
      });
      try {
        return read(
          await post(world, options.endpoint, body, signedTencentHeaders(options, body, world.now())),
        );
      } catch (error) {
        if (error instanceof NoAnswer) return later(error.message);
        throw error;
      }
    },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** As "签名方法 v3" has it: content type, host and action are signed. */
export function signedTencentHeaders(
  {
    endpoint,
    secretId,
    secretKey,
    region,
  }: Pick<TencentSmsOptions, 'endpoint' | 'secretId' | 'secretKey' | 'region'>,
  body: string,
  now: number,
): { [name: string]: string } {
  const { host } = new URL(endpoint);
  const timestamp = Math.floor(now / 1000);
  const date = new Date(now).toISOString().slice(0, 10);
  const service = 'sms';
  const signedHeaders = 'content-type;host;x-tc-action';
  const canonical = [
    'POST',
    '/',
    '',
    `content-type:${CONTENT_TYPE}\nhost:${host}\nx-tc-action:${ACTION.toLowerCase()}\n`,
    signedHeaders,
    sha256(body),
  ].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const toSign = [ALGORITHM, timestamp, scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return {
    authorization: `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    'content-type': CONTENT_TYPE,
    'x-tc-action': ACTION,
    'x-tc-timestamp': String(timestamp),
    'x-tc-version': VERSION,
    'x-tc-region': region,
  };
}

const PASSING =
  /^(RequestLimitExceeded|InternalError|LimitExceeded|FailedOperation\.(FailResolvePacket|SerializeException)|ResourceUnavailable)/;

interface Answered {
  readonly Response?: {
    readonly Error?: { readonly Code: string; readonly Message: string };
    readonly SendStatusSet?: readonly {
      readonly SerialNo: string;
      readonly Code: string;
      readonly Message: string;
    }[];
  };
}

function read({ status, json }: Answer): Sent {
  const { Response } = (json ?? {}) as Answered;
  const sent = Response?.SendStatusSet?.[0];
  if (sent?.Code === 'Ok') return { ok: true, providerId: sent.SerialNo };
  const fault = Response?.Error ?? sent;
  const reason = fault ? `${fault.Code} ${fault.Message}` : String(status);
  return !fault || PASSING.test(fault.Code) || status >= 500 ? later(reason) : refused(reason);
}

/** Reports of delivery, as the service pushes them: `sid` is the SerialNo of the answer above. */
export interface TencentReport {
  readonly sid?: string;
  readonly report_status?: string;
  readonly errmsg?: string;
}
