import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsV4Signer } from 'aws4fetch';
import { checkKey, type MediaFiles, MediaFilesFault } from './media-files.ts';

export interface BucketOptions {
  readonly bucket: string;
  /** Folder within the bucket, without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** `path`: endpoint/bucket/key, as MinIO and Ceph have it; `host`: bucket.endpoint/key, as AWS and OSS want it. */
  readonly addressing: 'path' | 'host';
  /** Without a byte for so long a request is given up. */
  readonly idleMs?: number;
}

const IDLE_MS = 30_000;
/** Hash of no bytes, which a signed request without a body says it has. */
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** Of a refusal's text that is kept for the log. */
const KEPT_TEXT = 500;

interface Asked {
  readonly method: 'GET' | 'PUT' | 'DELETE' | 'HEAD';
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly sha256: string;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** Media as objects of an S3-compatible bucket. Each request is signed (AWS Signature Version 4), its body included. */
export function bucketFiles(options: BucketOptions): MediaFiles {
  const { prefix } = options;
  const pathOf = (key: string): string => {
    checkKey(key);
    return prefix === '' ? key : `${prefix}/${key}`;
  };
  const ask = (asked: Asked) => send(options, asked);
  return {
    async put(key, { bytes, sha256, contentType, open }) {
      const answer = await ask({
        method: 'PUT',
        path: pathOf(key),
        headers: { 'content-length': String(bytes), 'content-type': contentType },
        sha256,
        body: open(),
      });
      await done(answer, 'PUT', [200, 201, 204]);
    },
    async get(key, range) {
      const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end}` } : {};
      const answer = await ask({ method: 'GET', path: pathOf(key), headers, sha256: NOTHING });
      if (answer.statusCode === 404) {
        answer.resume();
        return null;
      }
      if (answer.statusCode !== (range ? 206 : 200)) throw await refusal(answer, 'GET');
      return answer;
    },
    async delete(key) {
      const answer = await ask({ method: 'DELETE', path: pathOf(key), headers: {}, sha256: NOTHING });
      await done(answer, 'DELETE', [200, 202, 204, 404]);
    },
    async check() {
      const answer = await ask({ method: 'HEAD', path: '', headers: {}, sha256: NOTHING });
      await done(answer, 'HEAD', [200]);
    },
  };
}

/** Where an object is: `path` is empty for the bucket itself. */
export function objectUrl(options: BucketOptions, path: string): URL {
  const { bucket, addressing } = options;
  const url = new URL(options.endpoint);
  const base = url.pathname.replace(/\/$/, '');
  if (addressing === 'host') url.hostname = `${bucket}.${url.hostname}`;
  const bucketPath = addressing === 'host' ? '' : `/${bucket}`;
  url.pathname = `${base}${bucketPath}/${path}`;
  return url;
}

async function send(
  options: BucketOptions,
  { method, path, headers, sha256, body }: Asked,
): Promise<IncomingMessage> {
  const signed = await new AwsV4Signer({
    method,
    url: objectUrl(options, path).href,
    headers: { ...headers, 'x-amz-content-sha256': sha256 },
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    ...(options.sessionToken ? { sessionToken: options.sessionToken } : {}),
    service: 's3',
    region: options.region,
  }).sign();
  const { url } = signed;
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method,
    headers: { ...Object.fromEntries(signed.headers.entries()), ...headers },
    timeout: options.idleMs ?? IDLE_MS,
  });
  request.on('timeout', () => request.destroy(new MediaFilesFault(`${url.host} says nothing`)));
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', (error) =>
      reject(new MediaFilesFault(`${url.host}: ${error.message}`, { cause: error })),
    );
  });
  if (!body) {
    request.end();
    return answered;
  }
  // A store that refuses may answer, and hang up, before it has the whole body: then the answer counts.
  const sent = pipeline(Readable.from(body, { objectMode: false }), request);
  const [, answer] = await Promise.allSettled([sent, answered]);
  if (answer.status === 'fulfilled') return answer.value;
  throw answer.reason;
}

async function done(answer: IncomingMessage, what: string, statuses: readonly number[]): Promise<void> {
  if (!statuses.includes(answer.statusCode ?? 0)) throw await refusal(answer, what);
  answer.resume();
}

async function refusal(answer: IncomingMessage, what: string): Promise<MediaFilesFault> {
  let text = '';
  try {
    for await (const chunk of answer) {
      text += (chunk as Buffer).toString('utf8');
      if (text.length > KEPT_TEXT) break;
    }
  } catch (error) {
    text = (error as Error).message;
  }
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1];
  return new MediaFilesFault(`${what} was answered ${answer.statusCode}${code ? ` ${code}` : ''}`);
}
