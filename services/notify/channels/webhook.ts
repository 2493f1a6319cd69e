import { createHmac } from 'node:crypto';
import { type Channel, type ChannelWorld, later, refused } from './channel.ts';
import { NoAnswer, post, retryAfterMs } from './post.ts';

/**
 * A system of somebody else's: JSON, signed. `busguard-signature` is `sha256=` and the HMAC-SHA-256, by the secret, of
 * `busguard-timestamp`, a full stop and the body; who receives it refuses what is older than a few minutes. The address
 * is the URL, a blank and the secret.
 */
export function webhookChannel(world: ChannelWorld): Channel {
  return {
    name: 'webhook',
    async send(address, { id, kind, safety, language, rendered, url, expiresAt }) {
      const [endpoint = '', secret = ''] = address.split(/\s+/);
      const body = JSON.stringify({
        id,
        kind,
        safety,
        language,
        title: rendered.title,
        text: rendered.text,
        facts: rendered.facts,
        url,
        expiresAt: new Date(expiresAt).toISOString(),
      });
      const timestamp = String(Math.floor(world.now() / 1000));
      try {
        const { status, headers } = await post(world, endpoint, body, {
          'content-type': 'application/json',
          'busguard-delivery': id,
          'busguard-timestamp': timestamp,
          'busguard-signature': `sha256=${webhookSignature(secret, timestamp, body)}`,
        });
        if (status >= 200 && status < 300) return { ok: true, providerId: id };
        if (status === 410) return refused('410', { gone: true });
        if (status === 408 || status === 429 || status >= 500)
          return later(`${status}`, retryAfterMs(headers));
        return refused(`${status}`);
      } catch (error) {
        if (error instanceof NoAnswer) return later(error.message);
        throw error;
      }
    },
  };
}

export const webhookSignature = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
