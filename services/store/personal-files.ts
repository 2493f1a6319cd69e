import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Plan files with names and numbers of people; they are encrypted at rest. */
export const PERSONAL_FILES: ReadonlySet<string> = new Set(['riders.csv', 'people.csv']);

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals and opens personal data. `keyId` is stored beside it, so that a key can be replaced. */
export interface DataCipher {
  readonly keyId: string;
  /** `context` says what the bytes are; they open only under the same one. */
  seal(bytes: Uint8Array, context: string): Buffer;
  open(sealed: Uint8Array, context: string, keyId: string): Buffer;
}

/** AES-256-GCM; what is sealed is nonce, tag and ciphertext in that order. */
export function makeDataCipher(key: Uint8Array): DataCipher {
  if (key.length !== KEY_BYTES)
    throw new RangeError(`the data key has ${key.length} bytes; it takes ${KEY_BYTES}`);
  const keyId = createHash('sha256').update('busguard key id').update(key).digest('hex').slice(0, 16);
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
      if (sealedBy !== keyId) {
        throw new Error(
          `${context} was encrypted with data key ${sealedBy}; this process has ${keyId} (DATA_KEY)`,
        );
      }
      const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    },
  };
}
