import type { Logger } from 'pino';
import { type Bus, BusNoAnswer } from './bus.ts';
import { checkSubject, subjectMatcher } from './pattern.ts';

interface Subscription {
  readonly matches: (subject: string) => boolean;
  readonly handler: (payload: unknown, subject: string) => void;
  ended: boolean;
}

/**
 * The bus of a single process. A message reaches its handlers in order and after the publisher's own step is over, as
 * it would over a network, so that a publisher never runs a subscriber's code. Costs next to nothing without listeners.
 */
export function inProcessBus(log: Logger): Bus {
  const subscriptions = new Set<Subscription>();
  const servers = new Map<string, ((payload: unknown) => Promise<unknown>)[]>();
  let closed = false;

  const deliver = (to: Subscription, payload: unknown, subject: string): void => {
    if (to.ended) return;
    try {
      to.handler(payload, subject);
    } catch (error) {
      log.error({ err: error, subject }, 'a bus handler failed');
    }
  };

  return {
    publish(subject, payload) {
      checkSubject(subject);
      for (const subscription of subscriptions) {
        if (subscription.matches(subject)) queueMicrotask(() => deliver(subscription, payload, subject));
      }
    },
    hasListeners(subject) {
      for (const subscription of subscriptions) if (subscription.matches(subject)) return true;
      return false;
    },
    subscribe(pattern, handler) {
      const subscription: Subscription = { matches: subjectMatcher(pattern), handler, ended: false };
      if (!closed) subscriptions.add(subscription);
      return () => {
        subscription.ended = true;
        subscriptions.delete(subscription);
      };
    },
    async request(subject, payload, timeoutMs) {
      checkSubject(subject);
      const handler = servers.get(subject)?.at(-1);
      if (!handler) throw new BusNoAnswer(`nobody serves ${subject}`, 'nobody');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        const error = new BusNoAnswer(`no answer on ${subject} within ${timeoutMs} ms`, 'timeout');
        timer = setTimeout(() => reject(error), timeoutMs);
      });
      const answer = Promise.resolve(asJson(payload))
        .then(handler)
        .then(asJson, (error) => {
          log.error({ err: error, subject }, 'a bus server failed');
          throw new BusNoAnswer(`the server of ${subject} failed`, 'fault');
        });
      try {
        return await Promise.race([answer, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    serve(subject, handler) {
      checkSubject(subject);
      if (closed) return () => undefined;
      servers.set(subject, [...(servers.get(subject) ?? []), handler]);
      return () => {
        const left = (servers.get(subject) ?? []).filter((other) => other !== handler);
        if (left.length > 0) servers.set(subject, left);
        else servers.delete(subject);
      };
    },
    onReconnect: () => () => undefined,
    async close() {
      closed = true;
      for (const subscription of subscriptions) subscription.ended = true;
      subscriptions.clear();
      servers.clear();
    },
  };
}

/** A request crosses as JSON, so that both sides see what they would see across machines. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
