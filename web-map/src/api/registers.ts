import type {
  ExpiringView,
  RegisterList,
  RegisterRow,
  RegisterRows,
  UploadView,
} from '../../../services/api/contract.ts';
import { type Answer, ask, faultOf } from './client.ts';

const id = encodeURIComponent;

export type Cells = { readonly [column: string]: string | number | null };

/** The terminals that the service knows, as far as the pages show them. */
export interface TerminalView {
  readonly phone: string;
  readonly plate: string | null;
  readonly manufacturer: string;
  readonly model: string;
  readonly version: string;
  readonly approved: boolean;
  readonly lastSeenAt: string | null;
}

/** The plan's registers as the pages use them. */
export const registersApi = {
  list: () => ask<RegisterList>('GET', 'registers'),
  rows: (
    register: string,
    query: { search: string; offset: number; limit: number; role?: string | undefined },
  ) => {
    const { search, offset, limit, role } = query;
    const parameters = new URLSearchParams({ search, offset: String(offset), limit: String(limit) });
    if (role) parameters.set('role', role);
    return ask<RegisterRows>('GET', `registers/${register}?${parameters}`);
  },
  row: (register: string, key: string) => ask<RegisterRow>('GET', `registers/${register}/${id(key)}`),
  add: (register: string, cells: Cells, note: string) =>
    ask<{ row: RegisterRow }>('POST', `registers/${register}`, { cells, ...(note ? { note } : {}) }),
  put: (register: string, { key, rowVersion }: RegisterRow, cells: Cells, note: string) =>
    ask<{ row: RegisterRow }>('PUT', `registers/${register}/${id(key)}`, {
      cells,
      rowVersion,
      ...(note ? { note } : {}),
    }),
  drop: (register: string, { key, rowVersion }: RegisterRow) =>
    ask<{ version: string }>('DELETE', `registers/${register}/${id(key)}?rowVersion=${id(rowVersion)}`),
  expiring: (days: number) =>
    ask<{ today: string; items: ExpiringView[]; total: number }>('GET', `expiring?days=${days}`),
  terminals: () => ask<{ items: TerminalView[] }>('GET', 'terminals'),
  fileOf: (register: string) => `/api/v1/registers/${register}/file`,
  planFile: '/api/v1/plan/file',
};

/** A large plan is checked for a while. */
const UPLOAD_TIMEOUT_MS = 300_000;

/** Sends a file to be checked, or with `expected` to be put in force. */
export async function upload(
  file: File,
  merge: boolean,
  expected: string | null,
): Promise<Answer<UploadView>> {
  const query = new URLSearchParams({ name: file.name, merge: String(merge) });
  if (expected !== null) query.set('expected', expected);
  try {
    const response = await fetch(`/api/v1/plan/upload?${query}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
    if (!response.ok) return { ok: false, fault: await faultOf(response) };
    return { ok: true, value: (await response.json()) as UploadView };
  } catch (error) {
    console.warn(error);
    return { ok: false, fault: { kind: 'offline' } };
  }
}
