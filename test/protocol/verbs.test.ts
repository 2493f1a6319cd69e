import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFERENCE_FRAMES as F } from './vectors.ts';

/** Runs a verb as its user does: a process of its own, lines in, lines out. */
function run(verb: string, input: string): Promise<{ code: number | null; out: string[]; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'run-verb.ts'), verb], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: join(import.meta.dirname, '../..'),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, out: out.trimEnd().split('\n'), err }));
  });
}

describe('the verbs of the protocol', () => {
  const good = [F.location, F.register2019, F.batch, F.heartbeat];

  it('decode goes on after a bad line and ends with 1', async () => {
    const { code, out } = await run('decode', `${good[0]}\nnonsense\n\n${good[1]}\n`);
    expect(code).toBe(1);
    expect(out.map((line) => JSON.parse(line).ok)).toEqual([true, false, true]);
  });

  it('decode and encode are each other’s reverse', async () => {
    const decoded = await run('decode', good.join('\n'));
    expect(decoded.code).toBe(0);
    const encoded = await run('encode', decoded.out.join('\n'));
    expect(encoded).toMatchObject({ code: 0, out: good });
  });

  it('encode names what it could not send, and sends the rest', async () => {
    const { code, out, err } = await run('encode', `{"msgId":"0x0002","phone":"1","body":{}}\n{"msgId":1}\n`);
    expect([code, out.length]).toEqual([1, 1]);
    expect(err).toMatch(/^encode: line 2: /);
  });

  it('explain prints a table', async () => {
    const { code, out } = await run('explain', F.location);
    expect(code).toBe(0);
    expect(out[0]).toBe('0x0200 location report, 2013  JT/T 808-2013 table 23');
  });
});
