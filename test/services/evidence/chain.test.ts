import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../services/evidence/canonical-json.ts';
import { chainOf, chainText, verifyChain } from '../../../services/evidence/chain.ts';
import { zipPack } from '../../../services/evidence/pack-zip.ts';
import { renderPdf } from '../../../services/evidence/render-pdf.ts';
import { verifyFile } from '../../../services/evidence/verify-file.ts';

const records = [
  {
    kind: 'pack',
    data: { id: 'p', alert: 'a', vehicle: '苏D12345', madeAt: '2026-11-24T07:30:00.000+08:00' },
  },
  {
    kind: 'alert',
    data: { rule: 'speeding', start: '2026-11-24T07:20:00.000+08:00', end: null, evidence: { limitKmh: 60 } },
  },
  {
    kind: 'report',
    data: { time: '2026-11-24T07:20:00.000+08:00', lat: 31.7, lon: 119.9, speedKmh: 71, bodyHex: '00ab' },
  },
  {
    kind: 'step',
    data: { at: '2026-11-24T07:21:00.000+08:00', act: 'acknowledge', by: { name: '安' }, detail: {} },
  },
];

describe('canonical JSON', () => {
  it('is the same text whatever the order of members, and reads back as the same value', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'é'], 'a ': undefined })).toBe(
      '{"a":[true,null,"é"],"b":1}',
    );
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(/NaN/);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('the chain', () => {
  const links = chainOf(records);
  const text = chainText(links);

  it('holds', () => {
    expect(verifyChain(text)).toMatchObject({ ok: true, head: links[3]!.hash });
  });

  it('names the first link that was changed, taken out, put in or put elsewhere', () => {
    const lines = text.trimEnd().split('\n');
    const verdict = (changed: string[]) => verifyChain(`${changed.join('\n')}\n`);
    expect(verdict(lines.map((line) => line.replace('"speedKmh":71', '"speedKmh":59')))).toMatchObject({
      ok: false,
      line: 3,
      kind: 'report',
    });
    expect(verdict([lines[0]!, lines[2]!, lines[3]!])).toMatchObject({ ok: false, line: 2 });
    expect(verdict([lines[0]!, lines[2]!, lines[1]!, lines[3]!])).toMatchObject({ ok: false, line: 2 });
    expect(verdict([...lines.slice(0, 2), 'x', ...lines.slice(2)])).toMatchObject({
      ok: false,
      line: 3,
      kind: null,
    });
    expect(verifyChain('')).toMatchObject({ ok: false, line: 1 });
  });

  it('does not hold after any one character of it was changed', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 2), fc.integer({ min: 32, max: 126 }), (index, code) => {
        const other = String.fromCharCode(code);
        fc.pre(text[index] !== other);
        const changed = text.slice(0, index) + other + text.slice(index + 1);
        const verdict = verifyFile(new TextEncoder().encode(changed), links[3]!.hash);
        // Blanks that JSON does not see change nothing that was said.
        if (verdict.ok)
          expect(canonicalJson(JSON.parse(`[${changed.trim().split('\n').join(',')}]`))).toBe(
            canonicalJson(links),
          );
      }),
      { numRuns: 300 },
    );
  });

  it('shows by its head that records were left out at its end', () => {
    const shorter = chainText(links.slice(0, 3));
    expect(verifyChain(shorter)).toMatchObject({ ok: true });
    expect(verifyFile(new TextEncoder().encode(shorter), links[3]!.hash)).toMatchObject({
      ok: false,
      error: 'head',
    });
  });
});

describe('a pack', () => {
  it('prints the same pages for the same records, and is refused once any file in it was changed', async () => {
    const links = chainOf(records);
    const head = links[3]!.hash;
    const pdf = await renderPdf(links, []);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect((await renderPdf(links, [])).equals(pdf)).toBe(true);
    const zip = zipPack(chainText(links), head, links.length, pdf, []);
    expect(verifyFile(zip, null)).toMatchObject({
      ok: true,
      head,
      records: 4,
      vehicle: '苏D12345',
      files: 1,
    });
    expect(verifyFile(zip, 'f'.repeat(64))).toMatchObject({ ok: false, error: 'head' });
    const other = zipPack(chainText(links), head, links.length, pdf, []);
    const at = Buffer.from(other).indexOf('%PDF-');
    if (at > 0) other[at + 1] = 88;
    expect(verifyFile(zipPack(chainText(links).replace('71', '61'), head, 4, pdf, []), null)).toMatchObject({
      ok: false,
      error: 'record',
      line: 3,
    });
    expect(verifyFile(Uint8Array.of(0x50, 0x4b, 3, 4), null)).toMatchObject({ ok: false, error: 'archive' });
  });
});
