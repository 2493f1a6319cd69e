import { Gauge, Histogram, type Registry } from '@platformatic/prom-client';
import type { App } from './app-types.ts';
import { ProblemError } from './problems.ts';

/** For whoever runs the service: is it up, can it take load, how is it doing. No personal data in any of them. */
export function healthRoutes(
  app: App,
  options: { metrics: Registry; ready: () => Promise<string | null>; viewers: () => number },
): void {
  const { metrics, ready, viewers } = options;
  const registers = [metrics];
  const seconds = new Histogram({
    name: 'busguard_http_request_seconds',
    help: 'Time to answer HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  new Gauge({
    name: 'busguard_live_viewers',
    help: 'Open live connections',
    registers,
    collect() {
      this.set(viewers());
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });

  const schema = { hide: true };
  app.get('/healthz', { schema }, async (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/readyz', { schema }, async (_request, reply) => {
    const why = await ready().catch((error: Error) => error.message);
    if (why !== null) throw new ProblemError('unavailable', why);
    return reply.type('text/plain').send('ready\n');
  });
  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
