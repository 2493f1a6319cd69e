/** A parameter as the driver sends it; the package has no types of this file. */
declare module 'pg/lib/utils.js' {
  export function prepareValue(value: unknown): string | Buffer | null;
}
