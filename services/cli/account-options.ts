import { ROLES, type Role, type User } from '../store/store.ts';

const LOGIN = /^[^\s\p{C}]{2,64}$/u;

export interface AccountOptions {
  readonly login?: string;
  readonly role?: string;
  readonly name?: string;
  readonly language?: string;
  readonly district?: string;
  readonly provider?: string;
  readonly school?: string;
  readonly riders?: string;
  readonly person?: string;
}

/** What is wrong with what was asked for. `usage`: with the words themselves, whatever the plan holds. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly usage: boolean;

  constructor(message: string, usage = false) {
    super(message);
    this.usage = usage;
  }
}

/** Which option a role needs, and which roles may have which. */
const SCOPES = {
  district: { roles: ['police', 'transport', 'education'], needed: false },
  provider: { roles: ['provider'], needed: true },
  school: { roles: ['school'], needed: true },
  riders: { roles: ['guardian'], needed: true },
  person: { roles: ['escort'], needed: true },
} as const satisfies { [option: string]: { roles: readonly Role[]; needed: boolean } };

/** The user that the options describe; throws `AccountError` where they do not fit together. */
export function accountOf(id: string, options: AccountOptions): User {
  const { login, role: roleText, language = 'zh' } = options;
  if (login === undefined) throw new AccountError('--login is missing', true);
  if (!LOGIN.test(login)) {
    throw new AccountError(`--login holds "${login}"; it takes 2 to 64 characters without spaces`, true);
  }
  if (roleText === undefined) throw new AccountError(`--role is missing; it takes ${ROLES.join(', ')}`, true);
  const role = ROLES.find((name) => name === roleText);
  if (!role) throw new AccountError(`--role holds "${roleText}"; it takes ${ROLES.join(', ')}`, true);
  if (language !== 'zh' && language !== 'en') {
    throw new AccountError(`--language holds "${language}"; it takes zh or en`, true);
  }
  for (const [name, scope] of Object.entries(SCOPES)) {
    const given = Boolean(options[name as keyof typeof SCOPES]);
    const fits = (scope.roles as readonly Role[]).includes(role);
    if (given && !fits)
      throw new AccountError(`--${name} is for ${scope.roles.join(', ')}, not ${role}`, true);
    if (!given && fits && scope.needed)
      throw new AccountError(`a login of role ${role} needs --${name}`, true);
  }
  const riderIds = (options.riders ?? '').split(',').map((rider) => rider.trim());
  return {
    id,
    login,
    displayName: options.name ?? login,
    role,
    district: options.district ?? null,
    providerId: options.provider ?? null,
    schoolId: options.school ?? null,
    riderIds: riderIds.filter((rider) => rider !== ''),
    personId: options.person ?? null,
    language,
    disabled: false,
  };
}
