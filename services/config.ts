import { resolve } from 'node:path';
import type { Decrypt } from '../protocol/jt808/index.ts';
import { type ChannelFile, readChannelFile } from './notify/channels/set-up.ts';
import type { VapidPair } from './notify/vapid-keys.ts';
import { rsaDecryptorOf } from './rsa-bodies.ts';

/** The parts a process may run. `all` is every one of them, and what the demo needs. */
export const ROLE_NAMES = ['ingest', 'web', 'notify'] as const;
export type ProcessRole = (typeof ROLE_NAMES)[number];

/** Everything the environment may say, read once; nothing else in the project reads it. */
export interface Config {
  readonly httpPort: number;
  readonly httpHost: string;
  readonly ingestPort: number;
  readonly ingestHost: string;
  /** Where terminals upload the files of alarms (T/JSATL 12). */
  readonly attachmentPort: number;
  /** As terminals are told it, with a port where that differs; unset: the address to which they connected. */
  readonly attachmentAddress: { readonly host: string; readonly port: number | null } | undefined;
  /** Where photos and recordings are kept; unset: the folder `media` in `dataDir`. */
  readonly media: MediaBucket | undefined;
  /** Days that they are kept. */
  readonly mediaDays: number;
  /** Unset: the embedded PostGIS under `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Unset: the in-process bus; this process is the whole system. */
  readonly natsUrl: string | undefined;
  /** Absolute. */
  readonly dataDir: string;
  readonly roles: ReadonlySet<ProcessRole>;
  /** ROLES is `all`: only then may the demo run. */
  readonly allRoles: boolean;
  readonly logLevel: string;
  /** 32 bytes that encrypt pupils' data; unset: a key file in `dataDir`, made once. */
  readonly dataKey: Uint8Array | undefined;
  /** Keys from before, which open what they sealed until it is sealed anew. */
  readonly oldDataKeys: readonly Uint8Array[];
  /** Sets up the channels of notices; unset: web push, robots and webhooks alone. */
  readonly notifyChannels: ChannelFile | undefined;
  /** Signs web pushes; unset: a pair in `dataDir`, made once. */
  readonly vapid: VapidPair | undefined;
  /** Reads the bodies that terminals encrypt for the platform's RSA key; unset: they are refused. */
  readonly decryptBody: Decrypt | undefined;
  /** What to do with a terminal that is not on the register. */
  readonly unknownTerminals: 'hold' | 'refuse';
  /** A `.pmtiles` file (absolute path) or a MapLibre style URL; unset: the plan's own offline base layer. */
  readonly basemap: string | undefined;
  /** Balancers in front of the web pages whose word about a client's address is believed. */
  readonly trustedProxies: readonly string[] | undefined;
  /** Where people reach the pages; `https:` makes the session cookie `Secure`. */
  readonly publicUrl: string | undefined;
}

/** A bucket of an S3-compatible store and what opens it. */
export interface MediaBucket {
  readonly bucket: string;
  readonly prefix: string;
  readonly endpoint: string;
  readonly region: string;
  readonly addressing: 'path' | 'host';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One environment variable: what it takes, its default, and how its text becomes a value (null: it does not). */
export interface Variable<T> {
  readonly takes: string;
  readonly fallback: string;
  readonly secret?: boolean;
  parse(text: string): T | null;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const port = (fallback: number): Variable<number> => ({
  takes: 'a port number from 0 (any free one) to 65535',
  fallback: String(fallback),
  parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null),
});

const host: Variable<string> = {
  takes: 'an IP address or host name to listen on',
  fallback: '0.0.0.0',
  parse: (text) => (/^[A-Za-z0-9.:-]+$/.test(text) ? text : null),
};

const url = (takes: string, protocols: readonly string[]): Variable<string | undefined> => ({
  takes,
  fallback: '',
  secret: true,
  parse: (text) => {
    if (text === '') return undefined;
    const parsed = URL.canParse(text) ? new URL(text) : null;
    return parsed && protocols.includes(parsed.protocol) ? text : null;
  },
});

/** A credential, or nothing. */
const secretText = (takes: string): Variable<string | undefined> => ({
  takes,
  fallback: '',
  secret: true,
  parse: (text) => (text === '' ? undefined : /^[\x21-\x7e]{1,4096}$/.test(text) ? text : null),
});

/** A public URL shown as it is: it holds no password. */
const openUrl = (takes: string, protocols: readonly string[]) => ({
  ...url(takes, protocols),
  secret: false,
});

export const VARIABLES = {
  HTTP_PORT: port(8080),
  HTTP_HOST: host,
  INGEST_PORT: port(8808),
  INGEST_HOST: host,
  ATTACHMENT_PORT: port(8809),
  ATTACHMENT_ADDRESS: {
    takes: 'the IP address or host name, with or without :port, at which terminals reach the attachment port',
    fallback: '',
    parse: (text) => {
      if (text === '') return undefined;
      const [, host, port] = /^([A-Za-z0-9.-]{1,200})(?::(\d{1,5}))?$/.exec(text) ?? [];
      if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) return null;
      return { host, port: port === undefined ? null : Number(port) };
    },
  } satisfies Variable<{ host: string; port: number | null } | undefined>,
  MEDIA_URL: {
    takes: 's3://bucket or s3://bucket/folder',
    fallback: '',
    parse: (text) => {
      if (text === '') return undefined;
      const [, bucket, prefix = ''] =
        /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9._/-]*))?$/.exec(text) ?? [];
      return bucket === undefined ? null : { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
    },
  } satisfies Variable<{ bucket: string; prefix: string } | undefined>,
  MEDIA_DAYS: {
    takes: 'a whole number of days from 1 to 3650',
    fallback: '184',
    parse: (text) =>
      /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3_650 ? Number(text) : null,
  } satisfies Variable<number>,
  S3_ENDPOINT: openUrl('the http(s) URL of an S3-compatible store', ['http:', 'https:']),
  S3_ADDRESSING: {
    takes: 'path (endpoint/bucket, as MinIO has it) or host (bucket.endpoint, as AWS and OSS want it)',
    fallback: '',
    parse: (text) => (text === '' ? undefined : text === 'path' || text === 'host' ? text : null),
  } satisfies Variable<'path' | 'host' | undefined>,
  AWS_REGION: {
    takes: 'the name of a region such as us-east-1',
    fallback: 'us-east-1',
    parse: (text) => (/^[a-z0-9-]{1,60}$/.test(text) ? text : null),
  } satisfies Variable<string>,
  AWS_ACCESS_KEY_ID: secretText('the id of an access key, without spaces'),
  AWS_SECRET_ACCESS_KEY: secretText('the secret of that access key, without spaces'),
  AWS_SESSION_TOKEN: secretText('the token of a temporary access key, without spaces'),
  DATABASE_URL: url('a PostgreSQL URL such as postgres://user:password@host:5432/busguard', [
    'postgres:',
    'postgresql:',
  ]),
  NATS_URL: url('a NATS URL such as nats://host:4222', ['nats:', 'tls:']),
  DATA_DIR: {
    takes: 'a folder that this process may write to',
    fallback: './data',
    parse: (text) => (text.includes('\0') ? null : resolve(text)),
  } satisfies Variable<string>,
  ROLES: {
    takes: `all, or a comma list of ${ROLE_NAMES.join(', ')}`,
    fallback: 'all',
    parse: parseRoles,
  } satisfies Variable<ReadonlySet<ProcessRole>>,
  LOG_LEVEL: {
    takes: `one of ${LOG_LEVELS.join(', ')}`,
    fallback: 'info',
    parse: (text) => (LOG_LEVELS.includes(text) ? text : null),
  } satisfies Variable<string>,
  DATA_KEY: {
    takes: '32 random bytes as 64 hex digits (openssl rand -hex 32)',
    fallback: '',
    secret: true,
    parse: (text) => {
      if (text === '') return undefined;
      return /^[0-9a-fA-F]{64}$/.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : null;
    },
  } satisfies Variable<Uint8Array | undefined>,
  DATA_KEYS_OLD: {
    takes: 'data keys from before, each 64 hex digits, with commas between',
    fallback: '',
    secret: true,
    parse: (text) => {
      const keys = text.split(',').filter((key) => key.trim() !== '');
      return keys.every((key) => /^[0-9a-fA-F]{64}$/.test(key.trim()))
        ? keys.map((key) => new Uint8Array(Buffer.from(key.trim(), 'hex')))
        : null;
    },
  } satisfies Variable<readonly Uint8Array[]>,
  NOTIFY_CHANNELS: {
    takes: 'the path of a JSON file that sets up the channels of notices (services/notify/README.md)',
    fallback: '',
    parse: (text) => {
      if (text === '') return undefined;
      try {
        return readChannelFile(text);
      } catch (error) {
        throw new ConfigError(`NOTIFY_CHANNELS: ${(error as Error).message.split('\n')[0]}`);
      }
    },
  } satisfies Variable<ChannelFile | undefined>,
  VAPID_KEYS: {
    takes:
      'public and private key of web push in base64url, with a colon between (npx web-push generate-vapid-keys)',
    fallback: '',
    secret: true,
    parse: (text) => {
      if (text === '') return undefined;
      const [, publicKey, privateKey] = /^([A-Za-z0-9_-]{87}):([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
      return publicKey && privateKey ? { publicKey, privateKey } : null;
    },
  } satisfies Variable<VapidPair | undefined>,
  RSA_PRIVATE_KEY: {
    takes: 'a private RSA key as PEM, or the path of a file that holds it',
    fallback: '',
    secret: true,
    parse: (text) => (text === '' ? undefined : rsaDecryptorOf(text)),
  } satisfies Variable<Decrypt | undefined>,
  UNKNOWN_TERMINALS: {
    takes: 'hold (keep their reports, marked unapproved) or refuse',
    fallback: 'hold',
    parse: (text) => (text === 'hold' || text === 'refuse' ? text : null),
  } satisfies Variable<'hold' | 'refuse'>,
  BASEMAP: {
    takes: 'the path of a .pmtiles file, or an http(s) URL of a MapLibre style',
    fallback: '',
    parse: (text) => {
      if (text === '') return undefined;
      if (/^https?:\/\//.test(text)) return URL.canParse(text) ? text : null;
      return text.endsWith('.pmtiles') ? resolve(text) : null;
    },
  } satisfies Variable<string | undefined>,
  TRUSTED_PROXIES: {
    takes: 'a comma list of IP addresses, CIDR ranges, or loopback, linklocal, uniquelocal',
    fallback: '',
    parse: (text) => {
      if (text === '') return undefined;
      const names = text.split(',').map((name) => name.trim());
      return names.every((name) => /^(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(\/\d{1,3})?)$/.test(name))
        ? names
        : null;
    },
  } satisfies Variable<readonly string[] | undefined>,
  PUBLIC_URL: openUrl('the http(s) URL at which people reach the pages', ['http:', 'https:']),
} as const;

function parseRoles(text: string): ReadonlySet<ProcessRole> | null {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('all')) return names.length === 1 ? new Set(ROLE_NAMES) : null;
  const known = names.filter((name): name is ProcessRole => (ROLE_NAMES as readonly string[]).includes(name));
  return known.length > 0 && known.length === names.length ? new Set(known) : null;
}

type Read = <T>(name: keyof typeof VARIABLES, variable: Variable<T>) => T;

/** The bucket with its credentials: a bucket without them is a mistake that is better met at the start. */
function mediaBucket(read: Read): MediaBucket | undefined {
  const place = read('MEDIA_URL', VARIABLES.MEDIA_URL);
  const endpoint = read('S3_ENDPOINT', VARIABLES.S3_ENDPOINT);
  const addressing = read('S3_ADDRESSING', VARIABLES.S3_ADDRESSING);
  const region = read('AWS_REGION', VARIABLES.AWS_REGION);
  const accessKeyId = read('AWS_ACCESS_KEY_ID', VARIABLES.AWS_ACCESS_KEY_ID);
  const secretAccessKey = read('AWS_SECRET_ACCESS_KEY', VARIABLES.AWS_SECRET_ACCESS_KEY);
  const sessionToken = read('AWS_SESSION_TOKEN', VARIABLES.AWS_SESSION_TOKEN);
  if (place === undefined) return undefined;
  const missing = accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY';
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new ConfigError(`MEDIA_URL is set but ${missing} is not; it takes ${VARIABLES[missing].takes}`);
  return {
    ...place,
    endpoint: endpoint ?? `https://s3.${region}.amazonaws.com`,
    // A store of one's own has paths; the services of the clouds want the bucket in the name of the host.
    addressing: addressing ?? (endpoint === undefined ? 'host' : 'path'),
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken,
  };
}

type Environment = { readonly [name: string]: string | undefined };

/**
 * Reads the configuration. An empty variable counts as unset. Throws `ConfigError` with one line that names the
 * variable, what it holds (never a secret) and what it takes.
 */
export function loadConfig(environment: Environment = process.env): Config {
  const read = <T>(name: keyof typeof VARIABLES, variable: Variable<T>): T => {
    const text = environment[name]?.trim() || variable.fallback;
    const value = variable.parse(text);
    if (value === null) {
      const holds = variable.secret ? 'a value that cannot be used' : `"${text}"`;
      throw new ConfigError(`${name} holds ${holds}; it takes ${variable.takes}`);
    }
    return value;
  };
  const rolesText = environment.ROLES?.trim() || 'all';
  const config: Config = {
    httpPort: read('HTTP_PORT', VARIABLES.HTTP_PORT),
    httpHost: read('HTTP_HOST', VARIABLES.HTTP_HOST),
    ingestPort: read('INGEST_PORT', VARIABLES.INGEST_PORT),
    ingestHost: read('INGEST_HOST', VARIABLES.INGEST_HOST),
    attachmentPort: read('ATTACHMENT_PORT', VARIABLES.ATTACHMENT_PORT),
    attachmentAddress: read('ATTACHMENT_ADDRESS', VARIABLES.ATTACHMENT_ADDRESS),
    media: mediaBucket(read),
    mediaDays: read('MEDIA_DAYS', VARIABLES.MEDIA_DAYS),
    databaseUrl: read('DATABASE_URL', VARIABLES.DATABASE_URL),
    natsUrl: read('NATS_URL', VARIABLES.NATS_URL),
    dataDir: read('DATA_DIR', VARIABLES.DATA_DIR),
    roles: read('ROLES', VARIABLES.ROLES),
    allRoles: rolesText === 'all',
    logLevel: read('LOG_LEVEL', VARIABLES.LOG_LEVEL),
    dataKey: read('DATA_KEY', VARIABLES.DATA_KEY),
    oldDataKeys: read('DATA_KEYS_OLD', VARIABLES.DATA_KEYS_OLD),
    notifyChannels: read('NOTIFY_CHANNELS', VARIABLES.NOTIFY_CHANNELS),
    vapid: read('VAPID_KEYS', VARIABLES.VAPID_KEYS),
    decryptBody: read('RSA_PRIVATE_KEY', VARIABLES.RSA_PRIVATE_KEY),
    unknownTerminals: read('UNKNOWN_TERMINALS', VARIABLES.UNKNOWN_TERMINALS),
    basemap: read('BASEMAP', VARIABLES.BASEMAP),
    trustedProxies: read('TRUSTED_PROXIES', VARIABLES.TRUSTED_PROXIES),
    publicUrl: read('PUBLIC_URL', VARIABLES.PUBLIC_URL),
  };
  if (config.natsUrl && !config.databaseUrl) {
    throw new ConfigError(
      'NATS_URL is set but DATABASE_URL is not: several processes need one PostgreSQL; DATABASE_URL takes ' +
        VARIABLES.DATABASE_URL.takes,
    );
  }
  return config;
}
