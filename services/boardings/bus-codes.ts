import { createHash, createHmac } from 'node:crypto';

/** Where in a bus a code is put up: by the door, and at the rear seat, where only who walks through reads it. */
export type CodePlace = 'door' | 'rear';

/** Letters and figures that nobody takes for another. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_LETTERS = 6;

export interface BusCodes {
  of(vehicle: string, place: CodePlace): string;
  isRight(vehicle: string, place: CodePlace, said: string): boolean;
  /** Tells a phone without a network whether a code is right, and not what it is. */
  digest(vehicle: string, place: CodePlace): string;
}

/** Codes are made of a key and the vehicle, so that they need no table and stay as they are printed. */
export function busCodes(key: Buffer): BusCodes {
  const of = (vehicle: string, place: CodePlace): string => {
    const bytes = createHmac('sha256', key).update(`${place} ${vehicle}`).digest();
    return Array.from(
      { length: CODE_LETTERS },
      (_, i) => LETTERS[bytes.readUInt32BE(i * 4) % LETTERS.length],
    ).join('');
  };
  return {
    of,
    isRight: (vehicle, place, said) => plainCode(said) === of(vehicle, place),
    digest: (vehicle, place) =>
      createHash('sha256')
        .update(`${vehicle} ${place} ${of(vehicle, place)}`)
        .digest('hex'),
  };
}

/** As it was typed, without what people put between letters. */
const plainCode = (said: string): string => said.toUpperCase().replace(/[^A-Z0-9]/g, '');
