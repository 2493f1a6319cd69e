import { StoreUnavailable } from './store.ts';

/**
 * PostgreSQL's classes of error that are of the moment and not of the statement (Appendix A, "PostgreSQL Error
 * Codes"): 08 connection, 53 out of resources, 57 operator intervention and statement timeout, 58 system error.
 */
const CLASSES = new Set(['08', '53', '57', '58']);
/** Lock timeout, deadlock and serialisation failure after retries, idle-in-transaction timeout, a server turned read-only. */
const CODES = new Set(['55P03', '40P01', '40001', '25P03', '25006']);
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);
/** What the driver and the pool say in words alone. */
const MESSAGES =
  /^(Connection terminated|timeout expired|Client has encountered a connection error|Client was closed|This socket has been ended|Query read timeout|aborted|write after end|Cannot call write after)/i;
const POOL_ERRORS = new Set(['KnexTimeoutError', 'TimeoutError']);

/** Whether the error means "the database cannot be reached now" and not "this statement is wrong". */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  if (!(error instanceof Error)) return false;
  const code = (error as Error & { code?: unknown }).code;
  if (typeof code === 'string') {
    if (SYSTEM_CODES.has(code) || CODES.has(code)) return true;
    if (/^[0-9A-Z]{5}$/.test(code) && CLASSES.has(code.slice(0, 2))) return true;
  }
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return POOL_ERRORS.has(error.name) || MESSAGES.test(error.message);
}

/** The error as callers of the store know it: `StoreUnavailable`, or what it was. */
export function storeError(error: unknown): unknown {
  if (error instanceof StoreUnavailable || !isUnavailable(error)) return error;
  return new StoreUnavailable(error instanceof Error && error.message ? error.message : String(error), {
    cause: error,
  });
}
