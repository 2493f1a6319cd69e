import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../services/config.ts';

describe('configuration from the environment', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      httpPort: 8080,
      ingestPort: 8808,
      databaseUrl: undefined,
      natsUrl: undefined,
      dataDir: resolve('./data'),
      allRoles: true,
      logLevel: 'info',
      unknownTerminals: 'hold',
    });
    expect([...config.roles]).toEqual(['ingest', 'web']);
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ HTTP_PORT: '', DATABASE_URL: ' ' })).toEqual(loadConfig({}));
  });

  it.each([
    ['HTTP_PORT', '80a', '"80a"'],
    ['INGEST_PORT', '70000', '"70000"'],
    ['ROLES', 'ingest,cook', '"ingest,cook"'],
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
});
