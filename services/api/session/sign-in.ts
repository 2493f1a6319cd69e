import type { FastifyRequest } from 'fastify';
import type { User } from '../../store/store.ts';
import type { ApiParts } from '../app-types.ts';
import { ProblemError } from '../problems.ts';
import { passwordCheck, TooManySignIns } from './passwords.ts';
import { takesCode } from './second-factor.ts';
import { type SignInLimit, signInLimit } from './sign-in-limit.ts';

/** Asks for proof of who somebody is: by password and, where they have one, by the code of a second factor. */
export interface Proof {
  /** The user who signs in; throws the problem that they are told. */
  signIn(request: FastifyRequest, login: string, password: string, code: string | undefined): Promise<User>;
  /** Throws `wrong-password` where it is not that of somebody who is signed in already. */
  password(request: FastifyRequest, user: User, password: string): Promise<void>;
  /** Throws where the code is wrong; passes where there is no second factor. */
  code(request: FastifyRequest, user: User, code: string | undefined): Promise<void>;
}

export function proofOf({ store, now }: Pick<ApiParts, 'store' | 'now'>): Proof {
  const limit: SignInLimit = signInLimit(store.signIns);
  const isRight = passwordCheck();

  const checked = (password: string, hash: string | null): Promise<boolean> =>
    isRight(password, hash).catch((error) => {
      if (!(error instanceof TooManySignIns)) throw error;
      throw new ProblemError('too-many-requests', error.message, { headers: { 'retry-after': '2' } });
    });

  const orWait = async (request: FastifyRequest, login: string): Promise<void> => {
    const waitS = await limit.waitS(request.ip, login, now());
    if (waitS === 0) return;
    throw new ProblemError('too-many-requests', `Too many failed sign-ins from here; wait ${waitS} s.`, {
      headers: { 'retry-after': String(waitS) },
    });
  };

  /** Counted, and written down; what was typed is not. */
  const failed = async (request: FastifyRequest, login: string, user: User | null, action: string) => {
    await limit.failed(request.ip, login, now());
    await store.audit.append({
      at: now(),
      userId: user?.id ?? null,
      action,
      subject: 'session',
      detail: {},
      remote: request.ip,
    });
  };

  const proveCode = async (request: FastifyRequest, user: User, code: string | undefined): Promise<void> => {
    const totp = await store.accounts.totp(user.id);
    if (!totp?.confirmed) return;
    if (code === undefined || code.trim() === '') throw new ProblemError('second-factor-required');
    if (await takesCode(store.accounts, user.id, totp.secret, code, now())) return;
    await failed(request, user.login, user, 'second-factor-failed');
    throw new ProblemError('wrong-code');
  };

  return {
    async signIn(request, login, password, code) {
      await orWait(request, login);
      const known = await store.users.byLogin(login);
      const right = await checked(password, known?.passwordHash ?? null);
      if (!known || !right || known.user.disabled) {
        await failed(request, login, known?.user ?? null, 'sign-in-failed');
        throw new ProblemError('wrong-login');
      }
      await proveCode(request, known.user, code);
      await limit.succeeded(request.ip, login);
      return known.user;
    },
    async password(request, user, password) {
      await orWait(request, user.login);
      if (await checked(password, await store.accounts.passwordHash(user.id))) return;
      await failed(request, user.login, user, 'password-check-failed');
      throw new ProblemError('wrong-password');
    },
    async code(request, user, code) {
      await orWait(request, user.login);
      await proveCode(request, user, code);
    },
  };
}
