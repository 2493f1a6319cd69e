import '@fastify/cookie';
import type { FastifyReply } from 'fastify';

export interface SessionCookie {
  readonly name: string;
  set(reply: FastifyReply, token: string, maxAgeS: number): void;
  clear(reply: FastifyReply): void;
  /** Of a raw `Cookie` header, as the handshake of a socket brings it. */
  read(header: string | undefined): string | undefined;
}

/** Over https the name's prefix makes browsers refuse a cookie that another host or plain http has set. */
export function sessionCookie(secure: boolean): SessionCookie {
  const name = secure ? '__Host-busguard' : 'busguard';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  return {
    name,
    set: (reply, token, maxAgeS) => void reply.setCookie(name, token, { ...options, maxAge: maxAgeS }),
    clear: (reply) => void reply.clearCookie(name, options),
    read(header) {
      for (const pair of header?.split(';') ?? []) {
        const [key, value] = pair.split('=', 2);
        if (key?.trim() === name) return value?.trim();
      }
      return undefined;
    },
  };
}
