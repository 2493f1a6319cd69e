import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../services/config.ts';

describe('configuration from the environment', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      httpPort: 8080,
      ingestPort: 8808,
      attachmentPort: 8809,
      attachmentAddress: undefined,
      media: undefined,
      mediaDays: 184,
      databaseUrl: undefined,
      natsUrl: undefined,
      dataDir: resolve('./data'),
      allRoles: true,
      logLevel: 'info',
      unknownTerminals: 'hold',
    });
    expect([...config.roles]).toEqual(['ingest', 'web', 'notify']);
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ HTTP_PORT: '', DATABASE_URL: ' ' })).toEqual(loadConfig({}));
  });

  it.each([
    ['HTTP_PORT', '80a', '"80a"'],
    ['INGEST_PORT', '70000', '"70000"'],
    ['ATTACHMENT_PORT', '88o9', '"88o9"'],
    ['ATTACHMENT_ADDRESS', 'host:70000', '"host:70000"'],
    ['MEDIA_URL', 'ftp://bucket', '"ftp://bucket"'],
    ['MEDIA_DAYS', '0', '"0"'],
    ['S3_ADDRESSING', 'both', '"both"'],
    ['AWS_SECRET_ACCESS_KEY', 'a b', 'a value that cannot be used'],
    ['ROLES', 'ingest,cook', '"ingest,cook"'],
    ['VAPID_KEYS', 'one:two', 'a value that cannot be used'],
    ['DATA_KEYS_OLD', 'ab,cd', 'a value that cannot be used'],
    ['ROLES', 'all,web', '"all,web"'],
    ['LOG_LEVEL', 'loud', '"loud"'],
    ['UNKNOWN_TERMINALS', 'maybe', '"maybe"'],
    ['BASEMAP', 'map.zip', '"map.zip"'],
    ['PUBLIC_URL', 'ftp://x', '"ftp://x"'],
    ['TRUSTED_PROXIES', 'everybody', '"everybody"'],
  ])('refuses %s=%s in one line that names it, what it holds and what it takes', (name, value, shown) => {
    const attempt = () => loadConfig({ [name]: value });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(new RegExp(`^${name} holds ${shown}; it takes [^\\n]+$`));
  });

  it.each([
    ['DATABASE_URL', 'mysql://user:hunter2@host/db'],
    ['NATS_URL', 'http://user:hunter2@host'],
    ['DATA_KEY', 'hunter2'],
    ['RSA_PRIVATE_KEY', 'hunter2'],
  ])('never shows the secret in %s', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(
      new RegExp(`^${name} holds a value that cannot be used`),
    );
    expect(() => loadConfig({ [name]: value })).not.toThrow(/hunter2/);
  });

  it('refuses several processes without one PostgreSQL', () => {
    expect(() => loadConfig({ NATS_URL: 'nats://127.0.0.1' })).toThrow(/DATABASE_URL/);
  });

  it('reads a full environment', () => {
    const config = loadConfig({
      HTTP_PORT: '0',
      DATABASE_URL: 'postgres://u:p@h/d',
      NATS_URL: 'nats://h:4222',
      ROLES: 'web',
      DATA_KEY: 'ab'.repeat(32),
      BASEMAP: 'https://tiles.example/style.json',
      PUBLIC_URL: 'https://bus.example',
    });
    expect(config.roles).toEqual(new Set(['web']));
    expect(config.allRoles).toBe(false);
    expect(config.dataKey).toEqual(new Uint8Array(32).fill(0xab));
    expect(config.basemap).toBe('https://tiles.example/style.json');
  });

  it('wants the key of a bucket with the bucket', () => {
    expect(() => loadConfig({ MEDIA_URL: 's3://buses' })).toThrow(
      'MEDIA_URL is set but AWS_ACCESS_KEY_ID is not; it takes the id of an access key, without spaces',
    );
    expect(() => loadConfig({ MEDIA_URL: 's3://buses', AWS_ACCESS_KEY_ID: 'k' })).toThrow(
      'MEDIA_URL is set but AWS_SECRET_ACCESS_KEY is not',
    );
    const key = { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's' };
    expect(loadConfig({ MEDIA_URL: 's3://buses/a/b/', ...key }).media).toMatchObject({
      bucket: 'buses',
      prefix: 'a/b',
      endpoint: 'https://s3.us-east-1.amazonaws.com',
      addressing: 'host',
    });
    const own = loadConfig({ MEDIA_URL: 's3://buses', S3_ENDPOINT: 'http://minio:9000', ...key }).media;
    expect(own).toMatchObject({ prefix: '', endpoint: 'http://minio:9000', addressing: 'path' });
  });
});
