import { createHmac } from 'node:crypto';
import {
  type Channel,
  type ChannelMessage,
  type ChannelWorld,
  later,
  refused,
  type Sent,
} from './channel.ts';
import { type Answer, NoAnswer, post } from './post.ts';

interface Spoken {
  readonly errcode?: number;
  readonly errmsg?: string;
}

const JSON_HEADERS = { 'content-type': 'application/json' };
/** Robots send too often: 45009 of WeCom; 130101 and 660026 of DingTalk. */
const PASSING: ReadonlySet<number> = new Set([-1, 45009, 130101, 660026]);

/** An address is the robot's URL and, after a blank, its secret where it has one. */
const addressOf = (address: string): readonly [url: string, secret: string | undefined] => {
  const [url = '', secret] = address.split(/\s+/);
  return [url, secret];
};

const textOf = ({ rendered, url }: ChannelMessage): string =>
  [rendered.title, rendered.text, ...(url === null ? [] : [url])].join('\n');

/** 企业微信群机器人: its key in the URL is its secret. */
export function wecomChannel(world: ChannelWorld): Channel {
  return {
    name: 'wecom',
    send: (address, message) => {
      const body = JSON.stringify({ msgtype: 'text', text: { content: textOf(message) } });
      return posted(world, addressOf(address)[0], body);
    },
  };
}

/** 钉钉自定义机器人 with 加签: timestamp and its signature in the query. */
export function dingtalkChannel(world: ChannelWorld): Channel {
  return {
    name: 'dingtalk',
    send: (address, message) => {
      const [url, secret] = addressOf(address);
      const body = JSON.stringify({ msgtype: 'text', text: { content: textOf(message) } });
      return posted(world, secret === undefined ? url : signedDingtalkUrl(url, secret, world.now()), body);
    },
  };
}

export function signedDingtalkUrl(url: string, secret: string, now: number): string {
  const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
  const signed = new URL(url);
  signed.searchParams.set('timestamp', String(now));
  signed.searchParams.set('sign', sign);
  return signed.href;
}

async function posted(world: ChannelWorld, url: string, body: string): Promise<Sent> {
  try {
    return read(await post(world, url, body, JSON_HEADERS));
  } catch (error) {
    if (error instanceof NoAnswer) return later(error.message);
    throw error;
  }
}

function read({ status, json }: Answer): Sent {
  const { errcode, errmsg = '' } = (json ?? {}) as Spoken;
  if (errcode === 0) return { ok: true, providerId: null };
  const reason = `${errcode ?? status} ${errmsg}`;
  return errcode === undefined || PASSING.has(errcode) || status >= 500 ? later(reason) : refused(reason);
}
