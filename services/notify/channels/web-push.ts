import webPush from 'web-push';
import type { PushPayload } from '../../api/family-contract.ts';
import type { PushSubscription } from '../../store/notify-people.ts';
import { type Channel, type ChannelWorld, later, refused, type Sent } from './channel.ts';
import { NoAnswer, post, retryAfterMs } from './post.ts';

/** The service's own keys (RFC 8292), and whom a push service may ask about its messages. */
export interface VapidKeys {
  readonly subject: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Web push: RFC 8030, encrypted by RFC 8291, signed by RFC 8292. The address is a subscription as JSON. */
export function webPushChannel(keys: VapidKeys, world: ChannelWorld): Channel {
  return {
    name: 'push',
    async send(address, message) {
      const subscription = JSON.parse(address) as PushSubscription;
      const payload: PushPayload = {
        id: message.id,
        kind: message.kind,
        title: message.rendered.title,
        body: message.rendered.text,
        url: message.url ?? '/',
        tag: message.tag,
      };
      const ttlS = Math.max(0, Math.floor((message.expiresAt - world.now()) / 1000));
      let details: ReturnType<typeof webPush.generateRequestDetails>;
      try {
        details = webPush.generateRequestDetails(subscription, JSON.stringify(payload), {
          vapidDetails: keys,
          TTL: ttlS,
          urgency: 'high',
          // The push service keeps only the newest of one topic for a phone that is off.
          topic: message.tag,
          contentEncoding: 'aes128gcm',
        });
      } catch (error) {
        // Keys of the subscription that are no points of the curve.
        return refused(`subscription: ${(error as Error).message}`, { gone: true });
      }
      const { 'Content-Length': _, ...headers } = details.headers as { [name: string]: string };
      try {
        return read(await post(world, details.endpoint, details.body ?? '', stringsOf(headers)));
      } catch (error) {
        if (error instanceof NoAnswer) return later(error.message);
        throw error;
      }
    },
  };
}

const stringsOf = (headers: { [name: string]: unknown }): { [name: string]: string } =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** RFC 8030, sections 5 and 7.3. */
function read({ status, headers, text }: Awaited<ReturnType<typeof post>>): Sent {
  if (status === 201 || status === 202 || status === 200)
    return { ok: true, providerId: headers.get('location')?.slice(0, 300) ?? null };
  if (status === 404 || status === 410) return refused(`gone ${status}`, { gone: true });
  if (status === 429 || status >= 500) return later(`${status}`, retryAfterMs(headers));
  return refused(`${status} ${text}`);
}
