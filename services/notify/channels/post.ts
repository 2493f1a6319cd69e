import type { ChannelWorld } from './channel.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of the text, where it is JSON; else null. */
  readonly json: unknown;
}

/** More of an answer is not read. */
const MOST_BYTES = 64 * 1024;

/** Posts and reads the answer; rejects only with `NoAnswer`. */
export async function post(
  world: ChannelWorld,
  url: string,
  body: string | Uint8Array,
  headers: { readonly [name: string]: string },
): Promise<Answer> {
  try {
    const response = await world.fetch(url, {
      method: 'POST',
      body: body as NonNullable<RequestInit['body']>,
      headers: { ...headers },
      signal: AbortSignal.timeout(world.timeoutMs),
      // An address was checked where it was given; where it leads on to was not.
      redirect: 'manual',
    });
    const text = await limitedText(response);
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  } catch (error) {
    throw new NoAnswer(causeOf(error), { cause: error });
  }
}

export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function causeOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : name === 'TimeoutError' ? 'timeout' : message;
}

/** Milliseconds of a `Retry-After` in seconds; undefined where it has none that is sensible. */
export function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 && seconds <= 3_600 ? seconds * 1000 : undefined;
}
