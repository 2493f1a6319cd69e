import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Plan files with names and numbers of people; they are encrypted at rest. */
export const PERSONAL_FILES: ReadonlySet<string> = new Set(['riders.csv', 'people.csv']);

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals and opens personal data. `keyId` is stored beside it, so that a key can be replaced. */
export interface DataCipher {
  /** Of the key that seals. */
  readonly keyId: string;
  /** `context` says what the bytes are; they open only under the same one. */
  seal(bytes: Uint8Array, context: string): Buffer;
  /** By the present key or an older one. */
  open(sealed: Uint8Array, context: string, keyId: string): Buffer;
}

/** Names a key without giving anything of it away. */
export function keyIdOf(key: Uint8Array): string {
  if (key.length !== KEY_BYTES)
    throw new RangeError(`the data key has ${key.length} bytes; it takes ${KEY_BYTES}`);
  return createHash('sha256').update('busguard key id').update(key).digest('hex').slice(0, 16);
}

/** AES-256-GCM; what is sealed is nonce, tag and ciphertext in that order. `older` keys open and never seal. */
export function makeDataCipher(key: Uint8Array, older: readonly Uint8Array[] = []): DataCipher {
  const keyId = keyIdOf(key);
  const keys = new Map([...older, key].map((one) => [keyIdOf(one), one]));
  return {
    keyId,
    seal(bytes, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      cipher.setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, context, sealedBy) {
      const opens = keys.get(sealedBy);
      if (opens === undefined) {
        throw new Error(
          `${context} was encrypted with data key ${sealedBy}; this process has ${[...keys.keys()].join(', ')} ` +
            '(DATA_KEY, DATA_KEYS_OLD)',
        );
      }
      const decipher = createDecipheriv(ALGORITHM, opens, sealed.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    },
  };
}
