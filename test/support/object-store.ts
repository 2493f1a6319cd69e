import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A small S3 for tests, written from AWS's description of Signature Version 4 apart from the code under test: it
 * takes nothing whose signature, or whose body's hash, it does not find to be right.
 */
export interface ObjectStore {
  readonly endpoint: string;
  readonly objects: Map<string, { readonly bytes: Buffer; readonly contentType: string }>;
  /** Answers given, as `METHOD status`. */
  readonly answers: string[];
  /** While set every request is answered so. */
  refusal: { readonly status: number; readonly code: string } | null;
  /** While true requests are taken and never answered. */
  silent: boolean;
  close(): Promise<void>;
}

export const OBJECT_STORE_KEY = { accessKeyId: 'AKIDOFTHETESTS', secretAccessKey: 'secret/of+the=tests' };
const REGION = 'cn-east-1';
const BUCKET = 'buses';

export const OBJECT_STORE = { bucket: BUCKET, region: REGION, ...OBJECT_STORE_KEY };

const hex = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Why the request is not signed rightly, or null. */
function wrongSignature(request: IncomingMessage): string | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!match) return 'AccessDenied';
  const [, id, day, region, signedHeaders, signature] = match as unknown as [string, ...string[]];
  if (id !== OBJECT_STORE_KEY.accessKeyId) return 'InvalidAccessKeyId';
  const date = String(request.headers['x-amz-date']);
  if (region !== REGION || !date.startsWith(day as string)) return 'AuthorizationHeaderMalformed';
  const names = (signedHeaders as string).split(';');
  if (!names.includes('host')) return 'AccessDenied';
  const url = new URL(request.url ?? '/', 'http://host');
  const canonical = [
    request.method,
    url.pathname,
    [...url.searchParams]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    request.headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n');
  const secret = `AWS4${OBJECT_STORE_KEY.secretAccessKey}`;
  const key = hmac(hmac(hmac(hmac(secret, day as string), region as string), 's3'), 'aws4_request');
  const right = timingSafeEqual(hmac(key, text), Buffer.from(signature as string, 'hex'));
  return right ? null : 'SignatureDoesNotMatch';
}

export async function startObjectStore(): Promise<ObjectStore> {
  const answer = (request: IncomingMessage, response: ServerResponse, status: number, code = ''): void => {
    store.answers.push(`${request.method} ${status}`);
    response.statusCode = status;
    response.end(code === '' ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (store.silent) return;
    if (store.refusal) return answer(request, response, store.refusal.status, store.refusal.code);
    const wrong = wrongSignature(request);
    if (wrong) return answer(request, response, 403, wrong);
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    if (!pathname.startsWith(`/${BUCKET}/`)) return answer(request, response, 404, 'NoSuchBucket');
    const key = pathname.slice(BUCKET.length + 2);
    const held = store.objects.get(key);
    switch (request.method) {
      case 'PUT': {
        if (request.headers['content-length'] === undefined)
          return answer(request, response, 411, 'MissingContentLength');
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const bytes = Buffer.concat(chunks);
        if (hex(bytes) !== request.headers['x-amz-content-sha256'])
          return answer(request, response, 400, 'XAmzContentSHA256Mismatch');
        store.objects.set(key, { bytes, contentType: String(request.headers['content-type']) });
        return answer(request, response, 200);
      }
      case 'GET': {
        if (!held) return answer(request, response, 404, 'NoSuchKey');
        const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
        store.answers.push(`GET ${range ? 206 : 200}`);
        response.statusCode = range ? 206 : 200;
        response.end(range ? held.bytes.subarray(Number(range[1]), Number(range[2]) + 1) : held.bytes);
        return;
      }
      case 'DELETE':
        store.objects.delete(key);
        return answer(request, response, 204);
      case 'HEAD':
        return answer(request, response, key === '' || held ? 200 : 404);
    }
    answer(request, response, 405, 'MethodNotAllowed');
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const store: ObjectStore = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    answers: [],
    refusal: null,
    silent: false,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return store;
}
