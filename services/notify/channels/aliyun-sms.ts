import { createHash, createHmac, randomUUID } from 'node:crypto';
import {
  type Channel,
  type ChannelMessage,
  type ChannelWorld,
  later,
  refused,
  type Sent,
} from './channel.ts';
import { type Answer, NoAnswer, post } from './post.ts';
import { fieldOf, type TemplateField, type Templates, templateOf } from './templates.ts';

export interface AliyunSmsOptions {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly signName: string;
  /** Template code, and which field each of its variables takes. */
  readonly templates: Templates<{
    readonly code: string;
    readonly params: { readonly [name: string]: TemplateField };
  }>;
}

const VERSION = '2017-05-25';
const ALGORITHM = 'ACS3-HMAC-SHA256';
/** A variable of a template takes so many characters. */
const MOST_CHARACTERS = 35;

/** 阿里云短信服务 SendSms (Dysmsapi 2017-05-25), signed by V3 (ACS3-HMAC-SHA256). */
export function aliyunSmsChannel(options: AliyunSmsOptions, world: ChannelWorld): Channel {
  return {
    name: 'sms',
    async send(phone, message) {
      const template = templateOf(options.templates, message.kind);
      if (!template) return refused(`no template for ${message.kind}`);
      const query = {
        PhoneNumbers: phone.replace(/^\+?86(?=1\d{10}$)/, ''),
        SignName: options.signName,
        TemplateCode: template.code,
        TemplateParam: JSON.stringify(paramsOf(template.params, message)),
        OutId: message.id,
      };
      const { url, headers } = signedAliyunRequest(options, 'SendSms', query, world.now(), randomUUID());
      try {
        return read(await post(world, url, '', headers));
      } catch (error) {
        if (error instanceof NoAnswer) return later(error.message);
        throw error;
      }
    },
  };
}

const paramsOf = (params: { readonly [name: string]: TemplateField }, { rendered }: ChannelMessage) =>
  Object.fromEntries(
    Object.entries(params).map(([name, field]) => [name, fieldOf(rendered, field, MOST_CHARACTERS)]),
  );

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** RFC 3986: what `encodeURIComponent` leaves as it is and the signature does not. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** A request of an RPC-style API with its parameters in the query, signed as "V3 版本请求体和签名机制" has it. */
export function signedAliyunRequest(
  {
    endpoint,
    accessKeyId,
    accessKeySecret,
  }: Pick<AliyunSmsOptions, 'endpoint' | 'accessKeyId' | 'accessKeySecret'>,
  action: string,
  query: { readonly [name: string]: string },
  now: number,
  nonce: string,
): { readonly url: string; readonly headers: { [name: string]: string } } {
  const { origin, host } = new URL(endpoint);
  const canonicalQuery = Object.keys(query)
    .sort()
    .map((name) => `${encoded(name)}=${encoded(query[name]!)}`)
    .join('&');
  const digest = sha256('');
  const headers: { [name: string]: string } = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': digest,
    'x-acs-date': `${new Date(now).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': nonce,
    'x-acs-version': VERSION,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    'POST',
    '/',
    canonicalQuery,
    names.map((name) => `${name}:${headers[name]}\n`).join(''),
    names.join(';'),
    digest,
  ].join('\n');
  const signature = createHmac('sha256', accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(canonical)}`)
    .digest('hex');
  const { host: _, ...sent } = headers;
  return {
    url: `${origin}/?${canonicalQuery}`,
    headers: {
      ...sent,
      authorization: `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`,
    },
  };
}

/** Codes after which the same message may go through: throttling, and what is the provider's own fault. */
const PASSING =
  /^(Throttling|ServiceUnavailable|InternalError|isp\.|isv\.BUSINESS_LIMIT_CONTROL|SignatureNonceUsed)/;

function read({ status, json }: Answer): Sent {
  const { Code, Message, BizId } = (json ?? {}) as { Code?: string; Message?: string; BizId?: string };
  if (Code === 'OK') return { ok: true, providerId: BizId ?? null };
  const reason = `${Code ?? status} ${Message ?? ''}`.trim();
  return Code === undefined || PASSING.test(Code) || status >= 500 ? later(reason) : refused(reason);
}

/** Reports of delivery (SmsReport), as the service pushes them: `biz_id` is that of the answer above. */
export interface AliyunReport {
  readonly biz_id?: string;
  readonly success?: boolean;
  readonly err_code?: string;
}
