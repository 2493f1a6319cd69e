import { type Channel, type ChannelWorld, later, refused, type Sent } from './channel.ts';
import { NoAnswer, post } from './post.ts';
import { fieldOf, type TemplateField, type Templates, templateOf } from './templates.ts';

export interface WechatOptions {
  readonly endpoint: string;
  readonly appId: string;
  readonly appSecret: string;
  /** Template id, and which field each of its keywords takes (`thing1`, `time2`, ...). */
  readonly templates: Templates<{
    readonly id: string;
    readonly data: { readonly [name: string]: TemplateField };
  }>;
}

/** `thing` takes 20 characters; the others take fewer or are short by themselves. */
const MOST_CHARACTERS = 20;
/** A token is renewed so long before it ends. */
const EARLY_MS = 300_000;
/** The token is no good any more: 不合法, 过期. */
const TOKEN_FAULTS: ReadonlySet<number> = new Set([40001, 40014, 42001]);
/** -1: busy; 45009, 45011: too often. */
const PASSING: ReadonlySet<number> = new Set([-1, 45009, 45011, 45047]);
/** The openid is none of this account's, or its owner follows it no more. */
const GONE: ReadonlySet<number> = new Set([40003, 43004]);

interface Spoken {
  readonly errcode?: number;
  readonly errmsg?: string;
  readonly msgid?: number;
  readonly access_token?: string;
  readonly expires_in?: number;
}

/** 微信公众号模板消息: message/template/send, with the stable access token. The address is an openid. */
export function wechatChannel(options: WechatOptions, world: ChannelWorld): Channel {
  let token: { readonly value: string; readonly until: number } | null = null;
  let asking: Promise<string> | null = null;

  const ask = async (): Promise<string> => {
    const body = JSON.stringify({
      grant_type: 'client_credential',
      appid: options.appId,
      secret: options.appSecret,
      force_refresh: false,
    });
    const { json, status } = await post(
      world,
      `${options.endpoint}/cgi-bin/stable_token`,
      body,
      JSON_HEADERS,
    );
    const { access_token, expires_in = 0, errcode, errmsg } = (json ?? {}) as Spoken;
    if (!access_token) throw new NoAnswer(`access_token: ${errcode ?? status} ${errmsg ?? ''}`);
    token = { value: access_token, until: world.now() + expires_in * 1000 - EARLY_MS };
    return access_token;
  };
  /** One asks, all wait. */
  const tokenNow = (): Promise<string> => {
    if (token && world.now() < token.until) return Promise.resolve(token.value);
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };

  const deliver = async (body: string): Promise<Spoken> => {
    const value = await tokenNow();
    const url = `${options.endpoint}/cgi-bin/message/template/send?access_token=${encodeURIComponent(value)}`;
    const { json, status } = await post(world, url, body, JSON_HEADERS);
    return (json as Spoken | null) ?? { errcode: -1, errmsg: String(status) };
  };

  return {
    name: 'wechat',
    async send(openid, message): Promise<Sent> {
      const template = templateOf(options.templates, message.kind);
      if (!template) return refused(`no template for ${message.kind}`);
      const body = JSON.stringify({
        touser: openid,
        template_id: template.id,
        ...(message.url === null ? {} : { url: message.url }),
        // The same within a while is sent once.
        client_msg_id: message.id,
        data: Object.fromEntries(
          Object.entries(template.data).map(([name, field]) => [
            name,
            { value: fieldOf(message.rendered, field, MOST_CHARACTERS) },
          ]),
        ),
      });
      try {
        let spoken = await deliver(body);
        if (TOKEN_FAULTS.has(spoken.errcode ?? 0)) {
          token = null;
          spoken = await deliver(body);
        }
        const { errcode = -1, errmsg = '', msgid } = spoken;
        if (errcode === 0) return { ok: true, providerId: msgid === undefined ? null : String(msgid) };
        const reason = `${errcode} ${errmsg}`;
        if (GONE.has(errcode)) return refused(reason, { gone: true });
        return PASSING.has(errcode) || TOKEN_FAULTS.has(errcode) ? later(reason) : refused(reason);
      } catch (error) {
        if (error instanceof NoAnswer) return later(error.message);
        throw error;
      }
    },
  };
}

const JSON_HEADERS = { 'content-type': 'application/json' };
