import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { StoreUnavailable } from '../store/store.ts';
import type { Problem } from './contract.ts';

/** An error that the asker is told of, as RFC 9457 has it. Thrown by handlers, answered in one place. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly type: string;
  readonly detail: string | undefined;
  readonly headers: { readonly [name: string]: string };
  readonly errors: Problem['errors'];

  constructor(
    type: keyof typeof PROBLEMS,
    detail?: string,
    more: { headers?: { [name: string]: string }; errors?: Problem['errors'] } = {},
  ) {
    super(detail ?? PROBLEMS[type].title);
    this.type = type;
    this.status = PROBLEMS[type].status;
    this.detail = detail;
    this.headers = more.headers ?? {};
    this.errors = more.errors;
  }
}

/** Every problem the API answers with; `type` is `/problems/<name>`. */
export const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request is not right' },
  'sign-in-required': { status: 401, title: 'Sign in first' },
  'wrong-login': { status: 401, title: 'Login or password is wrong' },
  'second-factor-required': { status: 401, title: 'A code of the second factor is needed' },
  'wrong-code': { status: 401, title: 'The code is wrong, or was used before' },
  'password-change-required': { status: 403, title: 'The password has to be changed first' },
  'wrong-password': { status: 409, title: 'The present password is wrong' },
  'weak-password': { status: 409, title: 'The new password is not taken' },
  'login-taken': { status: 409, title: 'There is such a login already' },
  forbidden: { status: 403, title: 'Your role may not do this' },
  'cross-site': { status: 403, title: 'Refused: the request comes from another site' },
  'not-found': { status: 404, title: 'There is no such thing, or you may not see it' },
  'method-not-allowed': { status: 405, title: 'This cannot be done here' },
  'not-confirmed': { status: 409, title: 'This has to be confirmed with the plate of the vehicle' },
  'vehicle-not-standing': { status: 409, title: 'Only for a vehicle that is known to stand still' },
  'not-in-edition': { status: 409, title: "The terminal's edition of JT/T 808 does not have this" },
  'command-under-way': { status: 409, title: 'What was sent or has ended cannot be cancelled' },
  conflict: { status: 409, title: 'Somebody else changed it meanwhile; look again' },
  'alert-stage': { status: 409, title: 'The alert does not stand where this can be done' },
  'second-person': { status: 409, title: 'Another person has to do this' },
  'proof-needed': { status: 409, title: 'This needs a proof' },
  'note-needed': { status: 409, title: 'This needs a note' },
  'not-undoable': { status: 409, title: 'This cannot be taken back' },
  'not-excusable': { status: 409, title: 'The law excuses no such thing' },
  'no-plan': { status: 409, title: 'No plan was imported yet' },
  range: { status: 416, title: 'There are no such bytes of it' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'too-many-requests': { status: 429, title: 'Too many requests; wait a little' },
  internal: { status: 500, title: 'Something is broken here; it has been logged' },
  unavailable: { status: 503, title: 'The database cannot be reached at the moment' },
} as const;

/** Makes every fault of the app a problem document. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = asProblem(error);
    if (problem.status >= 500) {
      request.log[problem.status === 500 ? 'error' : 'warn']({ err: error }, 'request failed');
    }
    return sendProblem(reply, problem);
  });
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { title } = PROBLEMS[problem.type as keyof typeof PROBLEMS];
  const body: Problem = {
    type: `/problems/${problem.type}`,
    title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}

/** What the asker is told of any error. */
export function asProblem(error: FastifyError): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof StoreUnavailable) {
    return new ProblemError('unavailable', undefined, { headers: { 'retry-after': '5' } });
  }
  if (error.validation) {
    const errors = error.validation.map((fault) => ({
      path: `${error.validationContext ?? ''}${fault.instancePath}`,
      reason: fault.message ?? 'is not right',
    }));
    return new ProblemError('bad-request', error.message, { errors });
  }
  switch (error.statusCode) {
    case 413:
      return new ProblemError('too-large');
    case 415:
      return new ProblemError('unsupported-media-type');
    case 404:
      return new ProblemError('not-found');
    case 405:
      return new ProblemError('method-not-allowed');
    case 429:
      return new ProblemError('too-many-requests');
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new ProblemError('bad-request', error.message)
        : new ProblemError('internal');
  }
}

/** Throws 404 where there is nothing, so that a handler reads straight on. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new ProblemError('not-found');
  return value;
}
