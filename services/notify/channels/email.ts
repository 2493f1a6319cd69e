import nodemailer from 'nodemailer';
import { type Channel, type ChannelWorld, later, refused } from './channel.ts';

export interface EmailOptions {
  /** `smtp://user:password@host:587` or `smtps://…:465`. */
  readonly url: string;
  readonly from: string;
}

const CONNECTIONS = 4;

/** SMTP, over a few connections that stay open. */
export function emailChannel({ url, from }: EmailOptions, world: ChannelWorld): Channel {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: world.timeoutMs,
    greetingTimeout: world.timeoutMs,
    socketTimeout: world.timeoutMs,
  } as Parameters<typeof nodemailer.createTransport>[0]);
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '') || 'busguard';
  return {
    name: 'email',
    async send(address, { id, rendered, url: page, language }) {
      const messageId = `<${id}@${domain}>`;
      try {
        await transport.sendMail({
          from,
          to: address,
          subject: rendered.title,
          text: [rendered.text, ...(page === null ? [] : ['', page])].join('\n'),
          messageId,
          headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
        });
        return { ok: true, providerId: messageId };
      } catch (error) {
        const { responseCode, message } = error as Error & { responseCode?: number };
        // RFC 5321, 4.2.1: 5xx is final, 4xx passes. Without a code the server was not reached.
        const final = responseCode !== undefined && responseCode >= 500 && responseCode !== 554;
        return final ? refused(message, responseCode === 550 ? { gone: true } : {}) : later(message);
      }
    },
    async close() {
      transport.close();
    },
  };
}
