/** As it was typed, without what people put between letters. */
export const plainCode = (said: string): string => said.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Letters and figures of a code. */
export const CODE_LENGTH = 6;

/** Is it the code of that place in the bus? Null where this phone cannot tell: then the service does, once it hears of it. */
export async function isRightCode(
  vehicle: string | null,
  place: 'door' | 'rear',
  said: string,
  digest: string | undefined,
): Promise<boolean | null> {
  if (vehicle === null || digest === undefined || !globalThis.crypto?.subtle) return null;
  const text = new TextEncoder().encode(`${vehicle} ${place} ${plainCode(said)}`);
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') === digest;
}
