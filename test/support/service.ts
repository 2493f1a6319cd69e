import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Login {
  readonly login: string;
  readonly password: string;
}

/** The service as its operator starts it: the command of `npm start` in a process of its own. */
export interface Service {
  readonly httpPort: number;
  readonly ingestPort: number;
  readonly logins: ReadonlyMap<string, string>;
  /** Everything it printed so far. */
  output(): string;
  /** Log lines (JSON) so far. */
  logs(): { msg?: string; level: number; [key: string]: unknown }[];
  stop(): Promise<void>;
  /** SIGKILL: no chance to tidy up. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly startTimeoutMs?: number;
}

/** Starts the service and resolves once it says that it is running. Rejects with its output where it ends instead. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const child = spawn(process.execPath, ['services/launch/start.mjs', ...(options.args ?? [])], {
    cwd: root,
    env: { ...cleanEnvironment(), HTTP_PORT: '0', INGEST_PORT: '0', ATTACHMENT_PORT: '0', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that ends early must not leave a service behind.
  const orphan = () => child.kill('SIGKILL');
  process.once('exit', orphan);
  child.once('exit', () => process.off('exit', orphan));
  let output = '';
  const running = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not running after ${options.startTimeoutMs ?? 90_000} ms:\n${output}`)),
      options.startTimeoutMs ?? 90_000,
    );
    const collect = (chunk: Buffer) => {
      output += chunk;
      if (/Busguard is running\.\n\n[\s\S]*?\n\n/.test(output) && output.includes('"msg":"ready"')) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the service ended with ${code}:\n${output}`));
    });
  });
  try {
    await running;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const logs = () =>
    output
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { level: number }] : []));
  const ready = logs().find((line) => 'msg' in line && line.msg === 'ready') as
    | { httpPort?: number; ingestPort?: number }
    | undefined;
  return {
    httpPort: ready?.httpPort ?? 0,
    ingestPort: ready?.ingestPort ?? 0,
    logins: loginsOf(output),
    output: () => output,
    logs,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

/** The test's own environment without anything that configures the service. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of [
    'DATABASE_URL',
    'NATS_URL',
    'DATA_DIR',
    'ROLES',
    'DATA_KEY',
    'BASEMAP',
    'PUBLIC_URL',
    'LOG_LEVEL',
  ]) {
    delete env[name];
  }
  return env;
}

function loginsOf(output: string): Map<string, string> {
  const lines = output.slice(output.indexOf('  Logins')).split('\n').slice(1);
  const logins = new Map<string, string>();
  for (const line of lines) {
    const [login, password] = line.trim().split(/\s+/);
    if (login && password && line.startsWith('    ')) logins.set(login, password);
  }
  return logins;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Signs in over HTTP and returns the session cookie to send along. */
export async function signIn(httpPort: number, login: Login): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(login),
  });
  if (!response.ok) throw new Error(`sign-in of ${login.login}: ${response.status} ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** GET with a session; throws on anything but 2xx. */
export async function getJson<T>(httpPort: number, path: string, cookie: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, { headers: { cookie } });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Asks again every 200 ms until `check` gives something; throws what `describe` says after the time limit. */
export async function until<T>(
  check: () => Promise<T | null | undefined | false>,
  limitMs: number,
  describe: () => string,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(describe());
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
