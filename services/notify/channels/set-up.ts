import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NOTICE_KINDS } from '../notice-kinds.ts';
import type { ChannelName } from '../settings.ts';
import { aliyunSmsChannel } from './aliyun-sms.ts';
import type { Channel, ChannelWorld } from './channel.ts';
import { emailChannel } from './email.ts';
import { dingtalkChannel, wecomChannel } from './robots.ts';
import { TEMPLATE_FIELDS } from './templates.ts';
import { tencentSmsChannel } from './tencent-sms.ts';
import { type VapidKeys, webPushChannel } from './web-push.ts';
import { webhookChannel } from './webhook.ts';
import { wechatChannel } from './wechat.ts';

const closed = { additionalProperties: false };
const text = Type.String({ minLength: 1, maxLength: 500 });
const endpoint = (of: string) =>
  Type.Optional(
    Type.String({ pattern: '^https?://', default: of, description: 'Left out: the provider’s own' }),
  );
const field = Type.Unsafe<(typeof TEMPLATE_FIELDS)[number]>({ type: 'string', enum: [...TEMPLATE_FIELDS] });
const templates = <T extends ReturnType<typeof Type.Object>>(template: T) =>
  Type.Unsafe<{ readonly [kind in (typeof NOTICE_KINDS)[number] | 'default']?: Static<T> }>({
    type: 'object',
    properties: Object.fromEntries([...NOTICE_KINDS, 'default'].map((kind) => [kind, template])),
    additionalProperties: false,
  });

const Sms = Type.Union([
  Type.Object(
    {
      provider: Type.Literal('aliyun'),
      accessKeyId: text,
      accessKeySecret: text,
      signName: text,
      endpoint: endpoint('https://dysmsapi.aliyuncs.com'),
      templates: templates(Type.Object({ code: text, params: Type.Record(Type.String(), field) }, closed)),
    },
    closed,
  ),
  Type.Object(
    {
      provider: Type.Literal('tencent'),
      secretId: text,
      secretKey: text,
      sdkAppId: text,
      signName: text,
      region: Type.Optional(text),
      endpoint: endpoint('https://sms.tencentcloudapi.com'),
      templates: templates(Type.Object({ id: text, params: Type.Array(field) }, closed)),
    },
    closed,
  ),
]);

/** The file that `NOTIFY_CHANNELS` names: what each channel needs; one that is left out is not offered. */
export const ChannelFile = Type.Object(
  {
    push: Type.Optional(Type.Union([Type.Boolean(), Type.Object({ subject: text }, closed)])),
    sms: Type.Optional(Sms),
    wechat: Type.Optional(
      Type.Object(
        {
          appId: text,
          appSecret: text,
          endpoint: endpoint('https://api.weixin.qq.com'),
          templates: templates(Type.Object({ id: text, data: Type.Record(Type.String(), field) }, closed)),
          /** Of the account's message push, by which receipts are known to be its own. */
          callbackToken: Type.Optional(text),
        },
        closed,
      ),
    ),
    email: Type.Optional(
      Type.Object(
        { url: Type.String({ pattern: '^smtps?://' }), from: Type.String({ pattern: '@' }) },
        closed,
      ),
    ),
    wecom: Type.Optional(Type.Boolean()),
    dingtalk: Type.Optional(Type.Boolean()),
    webhook: Type.Optional(Type.Boolean()),
    /** In the path of the addresses at which SMS providers report deliveries. */
    receiptSecret: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{16,200}$' })),
  },
  closed,
);
export type ChannelFile = Static<typeof ChannelFile>;

/** Push needs no provider of the operator's choosing; robots and webhooks need only their own address. */
export const NO_CHANNEL_FILE: ChannelFile = { push: true, wecom: true, dingtalk: true, webhook: true };

/** Reads and checks the file; throws one clear line. */
export function readChannelFile(path: string): ChannelFile {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (Value.Check(ChannelFile, value)) return value;
  const [first] = Value.Errors(ChannelFile, value);
  throw new Error(`${path}${first ? `: ${first.instancePath} ${first.message}` : ' is not right'}`);
}

/** Names of the channels that the file sets up. */
export function channelsOf(file: ChannelFile): ChannelName[] {
  const names: [ChannelName, unknown][] = [
    ['push', file.push],
    ['wechat', file.wechat],
    ['sms', file.sms],
    ['email', file.email],
    ['wecom', file.wecom],
    ['dingtalk', file.dingtalk],
    ['webhook', file.webhook],
  ];
  return names.flatMap(([name, set]) => (set ? [name] : []));
}

/** Clients of all channels that the file sets up. */
export function openChannels(
  file: ChannelFile,
  vapid: Omit<VapidKeys, 'subject'>,
  fallbackSubject: string,
  world: ChannelWorld,
): Map<ChannelName, Channel> {
  const channels: Channel[] = [];
  if (file.push) {
    const subject = typeof file.push === 'object' ? file.push.subject : fallbackSubject;
    channels.push(webPushChannel({ ...vapid, subject }, world));
  }
  if (file.wechat) {
    const { endpoint = 'https://api.weixin.qq.com', ...more } = file.wechat;
    channels.push(wechatChannel({ ...more, endpoint }, world));
  }
  if (file.sms?.provider === 'aliyun') {
    const { endpoint = 'https://dysmsapi.aliyuncs.com', ...more } = file.sms;
    channels.push(aliyunSmsChannel({ ...more, endpoint }, world));
  }
  if (file.sms?.provider === 'tencent') {
    const { endpoint = 'https://sms.tencentcloudapi.com', region = 'ap-guangzhou', ...more } = file.sms;
    channels.push(tencentSmsChannel({ ...more, endpoint, region }, world));
  }
  if (file.email) channels.push(emailChannel(file.email, world));
  if (file.wecom) channels.push(wecomChannel(world));
  if (file.dingtalk) channels.push(dingtalkChannel(world));
  if (file.webhook) channels.push(webhookChannel(world));
  return new Map(channels.map((channel) => [channel.name, channel]));
}
