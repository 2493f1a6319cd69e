import { createHash } from 'node:crypto';
import { FENCE_COLUMNS } from '../../plan/fence-rows.ts';
import { keyOf, type PlanRow } from '../../plan/plan-rows.ts';
import { registerColumns } from '../../plan/register-rows.ts';
import type { AmendmentView } from '../contract.ts';
import { camel } from '../plan-change.ts';
import { PERSONAL_COLUMNS, REGISTERS, type RegisterName } from '../policy/register-policy.ts';

/** Columns beyond those that the plan is read by, kept in the file for people and for the policy. */
const MORE: { readonly [register in RegisterName]?: readonly string[] } = {
  people: ['district', 'operator_id'],
};

/** The columns of a register, in the order of its file's description. */
export function columnsOfRegister(register: RegisterName): readonly string[] {
  if (register === 'fences') return FENCE_COLUMNS;
  if (register === 'lines') return ['shape_id', 'line'];
  return [...registerColumns(REGISTERS[register].file).columns, ...(MORE[register] ?? [])];
}

/** Columns without which there is no row. */
export function neededColumns(register: RegisterName): readonly string[] {
  if (register === 'fences') return ['kind', 'geometry'];
  if (register === 'lines') return ['shape_id', 'line'];
  return registerColumns(REGISTERS[register].file).required;
}

/** A row as it is sent: every column, blank ones as null; `id` is its key. Masked, it does not tell who a person is. */
export function registerRowView(register: RegisterName, row: PlanRow, masked: boolean): AmendmentView {
  const personal = masked ? (PERSONAL_COLUMNS[register] ?? []) : [];
  const cells = columnsOfRegister(register).map((column): [string, string | null] => {
    const text = row[column] || null;
    return [camel(column), text !== null && personal.includes(column) ? mask(text) : text];
  });
  return { note: null, ...Object.fromEntries(cells), id: keyOf(REGISTERS[register].file, row) };
}

/** Names this content of the row: who changes it says which one they saw. */
export function rowVersion(row: PlanRow): string {
  const filled = Object.entries(row).filter(([, value]) => value !== '');
  const text = JSON.stringify(filled.sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** Enough to tell two apart, too little to know either: 王**, 139****1111. */
export function mask(text: string): string {
  if (text.length <= 4) return `${text.slice(0, 1)}${'*'.repeat(Math.max(text.length - 1, 1))}`;
  const kept = text.length >= 11 ? 3 : 1;
  return `${text.slice(0, kept)}****${text.slice(text.length >= 11 ? -4 : -2)}`;
}
