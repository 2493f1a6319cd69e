const SAMPLES_PER_S = 8_000;
const SECONDS = 1.5;
const TONES_HZ = [392, 494];

/** A horn, as a WAV file of 8 bits and 8 kHz. */
export function hornSound(): Buffer {
  const samples = Buffer.alloc(SAMPLES_PER_S * SECONDS);
  for (let i = 0; i < samples.length; i += 1) {
    const t = i / SAMPLES_PER_S;
    const fade = Math.min(1, t * 20, (SECONDS - t) * 20);
    const sum = TONES_HZ.reduce((all, hz) => all + Math.sin(2 * Math.PI * hz * t), 0);
    samples[i] = 128 + Math.round((sum / TONES_HZ.length) * 90 * fade);
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  // PCM, one channel.
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(SAMPLES_PER_S, 24);
  head.writeUInt32LE(SAMPLES_PER_S, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
