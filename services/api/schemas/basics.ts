import { type TSchema, type TUnsafe, Type } from 'typebox';

/** A scalar or null, written so that OpenAPI 3.1 and the validator both read it plainly. */
export const orNull = <T extends string | number | boolean>(
  type: 'string' | 'number' | 'integer' | 'boolean',
  more: { description?: string; format?: string } = {},
): TUnsafe<T | null> => Type.Unsafe<T | null>({ type: [type, 'null'], ...more });

export const textOrNull = (description?: string) => orNull<string>('string', described(description));
export const numberOrNull = (description?: string) => orNull<number>('number', described(description));
export const flagOrNull = (description?: string) => orNull<boolean>('boolean', described(description));

/** ISO 8601 with +08:00. */
export const time = (description?: string) => Type.String({ format: 'date-time', ...described(description) });
export const timeOrNull = (description?: string) =>
  orNull<string>('string', { format: 'date-time', ...described(description) });

export const words = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...described(description) });

export const objectOrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Answers of every route that may refuse. */
export const refusals = (...statuses: number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: 'Problem document (RFC 9457)',
        content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
      },
    ]),
  );

const described = (description: string | undefined) => (description === undefined ? {} : { description });
