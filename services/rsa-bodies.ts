import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Decrypt } from '../protocol/jt808/index.ts';

/** Method 1 of the header's attributes (JT/T 808-2019 4.4.3). */
const RSA = 1;

/**
 * Takes RSA off bodies with the platform's private key. The standard says neither how blocks follow each other nor how
 * they are padded; this takes the usual: blocks as long as the key, each padded as PKCS #1 v1.5 has it. Throws where
 * the PEM is no private RSA key.
 */
export function rsaDecryptor(pem: string | Buffer): Decrypt {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`not an RSA key but ${key.asymmetricKeyType}`);
  const blockBytes = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 1024) / 8);
  return (method, body) => {
    if (method !== RSA || body.length === 0 || body.length % blockBytes !== 0) return null;
    const parts: Uint8Array[] = [];
    for (let at = 0; at < body.length; at += blockBytes) {
      const part = block(body.subarray(at, at + blockBytes));
      if (part === null) return null;
      parts.push(part);
    }
    return Buffer.concat(parts);
  };

  /** Padding is taken off here: this Node refuses to do it (CVE-2023-46809). */
  function block(cipher: Uint8Array): Uint8Array | null {
    let padded: Buffer;
    try {
      padded = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipher);
    } catch (error) {
      // A number that is not below the modulus: no cipher of this key.
      if (error instanceof Error && 'code' in error) return null;
      throw error;
    }
    if (padded[0] !== 0 || padded[1] !== 2) return null;
    const end = padded.indexOf(0, 2);
    return end < 10 ? null : padded.subarray(end + 1);
  }
}

/** The same of a PEM (line ends may be written `\\n`) or of the path of a file with one; null where it is neither. */
export function rsaDecryptorOf(text: string): Decrypt | null {
  try {
    return rsaDecryptor(text.includes('-----BEGIN') ? text.replaceAll('\\n', '\n') : readFileSync(text));
  } catch {
    // No such file, or no key in it: the caller says which variable is meant, and nothing of what it holds.
    return null;
  }
}
