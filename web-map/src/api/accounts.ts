import type { ApiKeyView, AuditEntryView, Role, UserView } from '../../../services/api/contract.ts';
import { type Answer, ask, type Fault } from './client.ts';

export interface OwnAccount {
  login: string;
  displayName: string;
  passwordSetAt: string | null;
  mustChangePassword: boolean;
  secondFactor: boolean;
  recoveryCodesLeft: number;
  singleSignOn: boolean;
}

export interface OwnSession {
  id: string;
  current: boolean;
  startedAt: string;
  expiresAt: string;
  remote: string | null;
  agent: string | null;
}

export interface Tenants {
  districts: string[];
  providers: { id: string; name: string }[];
  schools: { id: string; name: string; district: string | null }[];
}

export interface NewAccount {
  login: string;
  role: Role;
  displayName?: string;
  district?: string;
  providerId?: string;
  schoolId?: string;
  riderIds?: string[];
  personId?: string;
}

const query = (parameters: { readonly [name: string]: string | number | undefined }): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return search.toString();
};

export const ownAccount = {
  get: () => ask<OwnAccount>('GET', 'account'),
  changePassword: (current: string, next: string) => ask<null>('POST', 'account/password', { current, next }),
  beginFactor: (password: string) =>
    ask<{ secret: string; uri: string }>('POST', 'account/second-factor', { password }),
  confirmFactor: (code: string) =>
    ask<{ recoveryCodes: string[] }>('POST', 'account/second-factor/confirm', { code }),
  removeFactor: (password: string) => ask<null>('POST', 'account/second-factor/remove', { password }),
  sessions: () => ask<{ items: OwnSession[] }>('GET', 'account/sessions'),
  endSession: (id: string) => ask<null>('DELETE', `account/sessions/${id}`),
  endAll: () => ask<null>('DELETE', 'account/sessions'),
};

export const accounts = {
  list: (search: string, after?: string) =>
    ask<{ items: UserView[]; next: string | null }>('GET', `users?${query({ search, after, limit: 50 })}`),
  create: (account: NewAccount) => ask<{ user: UserView; password: string }>('POST', 'users', account),
  disable: (id: string, disabled: boolean) => ask<UserView>('PATCH', `users/${id}`, { disabled }),
  reset: (id: string) => ask<{ password: string }>('POST', `users/${id}/reset-password`, {}),
  tenants: () => ask<Tenants>('GET', 'tenants'),
  keys: () => ask<{ items: ApiKeyView[] }>('GET', 'api-keys'),
  createKey: (key: object) => ask<{ item: ApiKeyView; key: string }>('POST', 'api-keys', key),
  revokeKey: (id: string) => ask<null>('DELETE', `api-keys/${id}`),
  audit: (search: {
    user?: string;
    action?: string;
    subject?: string;
    before?: number;
  }): Promise<Answer<{ items: AuditEntryView[]; next: number | null }>> =>
    ask('GET', `audit?${query({ ...search, limit: 50 })}`),
};

/** What of a refusal has words of its own: the name of the problem, or what is wrong with a password. */
export const refusalOf = (fault: Fault): string | null =>
  fault.kind !== 'refused'
    ? null
    : fault.problem === '/problems/weak-password'
      ? fault.detail
      : fault.problem.replace('/problems/', '');
