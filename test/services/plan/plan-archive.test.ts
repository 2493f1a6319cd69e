import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { unzipPlan, zipPlan } from '../../../services/plan/plan-archive.ts';

const names = ['stops.txt', 'trips.txt'];
const limits = { fileBytes: 1_000_000, totalBytes: 1_500_000, archiveEntries: 10 };
const zip = (entries: { [name: string]: string }) =>
  zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)])));
const unzip = (archive: Uint8Array) => unzipPlan(archive, names, limits);

/** Overwrites four bytes of the first entry of the directory. */
function forge(archive: Uint8Array, offset: number, value: number): Uint8Array {
  const forged = Buffer.from(archive);
  forged.writeUInt32LE(value, forged.indexOf('PK\x01\x02', 0, 'latin1') + offset);
  return forged;
}

describe('an archive', () => {
  it('gives back what was put in, byte for byte the same whenever it is made', () => {
    const files = new Map([
      ['stops.txt', '校门'],
      ['trips.txt', ''],
    ]);
    const archive = zipPlan(files);
    expect(zipPlan(files)).toEqual(archive);
    expect(unzip(archive)).toEqual(new Map([...files].map(([name, text]) => [name, strToU8(text)])));
  });

  it.each(['../stops.txt', '/stops.txt', 'a/../../trips.txt', '..\\stops.txt', 'C:/stops.txt', 'a\0b'])(
    'with an entry called %j is refused',
    (name) => {
      expect(unzip(zip({ 'stops.txt': 'a', [name]: 'b' }))).toContain('leads elsewhere');
    },
  );

  it('with the plan in two places is refused', () => {
    expect(unzip(zip({ 'old/stops.txt': 'a', 'new/trips.txt': 'b' }))).toContain('several folders');
    expect(unzip(zip({ 'stops.txt': 'a', 'old/stops.txt': 'b' }))).toContain('twice');
  });

  it('that would unpack to more than is allowed is refused before anything is unpacked', () => {
    expect(unzip(zip({ 'stops.txt': 'a'.repeat(1_000_001) }))).toContain('larger');
    const half = 'a'.repeat(900_000);
    expect(unzip(zip({ 'stops.txt': half, 'trips.txt': half }))).toContain('larger');
    expect(unzip(forge(zip({ 'stops.txt': 'a' }), 24, 0xfffffff0))).toContain('larger');
  });

  it('never unpacks what no plan needs, however large', () => {
    const archive = zip({ 'stops.txt': 'a', 'bomb.bin': 'a'.repeat(5_000_000) });
    expect(unzip(archive)).toEqual(new Map([['stops.txt', strToU8('a')]]));
  });

  it('that lies about a size or a checksum is refused', () => {
    const archive = zip({ 'stops.txt': 'a'.repeat(1000) });
    expect(unzip(forge(archive, 24, 10))).toContain('damaged');
    expect(unzip(forge(archive, 24, 2000))).toContain('damaged');
    expect(unzip(forge(archive, 16, 1))).toContain('damaged');
  });

  it('with too many entries, encrypted or no archive at all is refused', () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`file${i}`, '']));
    expect(unzip(zip(many))).toContain('more than the 10');
    expect(unzip(forge(zip({ 'stops.txt': 'a' }), 8, 1))).toContain('encrypted');
    expect(unzip(strToU8('stop_id,stop_name'))).toContain('not a zip');
    expect(unzip(new Uint8Array(0))).toContain('not a zip');
    expect(unzip(forge(zip({ 'stops.txt': 'a' }), 24, 0xffffffff))).toContain('zip64');
  });

  it('with any byte changed gives the same files, other names, or a reason; it never throws', () => {
    const archive = zip({ 'stops.txt': 'stop_id,stop_name\nA,校门\n', 'trips.txt': 'trip_id\n' });
    const whole = unzip(archive) as Map<string, Uint8Array>;
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.nat(255), fc.nat(archive.length), (at, byte, cut) => {
        const changed = archive.slice();
        changed[at] = byte;
        for (const bytes of [changed, archive.subarray(0, cut)]) {
          const result = unzip(bytes);
          if (typeof result === 'string') continue;
          for (const [name, content] of result) expect(content).toEqual(whole.get(name));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
