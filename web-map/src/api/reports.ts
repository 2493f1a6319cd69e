import { ask } from './client.ts';

export interface Figures {
  readonly vehicles: number;
  readonly connectedRate: number | null;
  readonly onlineRate: number | null;
  readonly completeRate: number | null;
  readonly qualifiedRate: number | null;
  readonly driftRate: number | null;
  readonly handlingRate: number | null;
  readonly mistakenRate: number | null;
  readonly alerts: { readonly P1: number; readonly P2: number; readonly P3: number };
  readonly drivenKm: number;
}

export type Rate = Exclude<
  { [K in keyof Figures]: null extends Figures[K] ? K : never }[keyof Figures],
  never
>;

export interface Day {
  readonly day: string;
  readonly running: boolean;
  readonly onlineRate: number | null;
  readonly completeRate: number | null;
  readonly qualifiedRate: number | null;
  readonly driftRate: number | null;
  readonly handlingRate: number | null;
}

export interface Supervision {
  /** Milliseconds since the epoch. */
  readonly asOf: number | null;
  readonly total: Figures;
  readonly groups: readonly (Figures & { readonly id: string; readonly name: string })[];
  readonly days: readonly Day[];
}

export interface NoticeView {
  readonly counts: readonly { readonly provider: string; readonly rule: string; readonly total: number }[];
  readonly lines: readonly {
    readonly id: string;
    readonly provider: string;
    readonly time: number;
    readonly vehicle: string;
    readonly plate: string;
    readonly rule: string;
    readonly severity: string;
    readonly route: string;
    readonly what: { readonly zh?: string; readonly en?: string } | null;
    readonly state: string;
  }[];
}

export interface LeadView {
  readonly id: string;
  readonly vehicle: string;
  readonly vehicleId: string;
  readonly school: string;
  readonly days: number;
  readonly samePlaces: number;
  readonly score: number;
  readonly state: string;
  readonly runs: readonly { readonly date: string; readonly gateAt: string; readonly places: number }[];
}

export interface DangerView {
  readonly section: string;
  readonly name: string;
  readonly rules: readonly { readonly rule: string; readonly total: number }[];
  readonly total: number;
  readonly vehicles: number;
  readonly worst: string | null;
}

export interface GateView {
  readonly school: string;
  readonly name: string;
  readonly quarter: number;
  readonly days: number;
  readonly perDay: number;
  readonly most: number;
  readonly meanMin: number;
  readonly longestMin: number;
}

export type Query = { readonly [name: string]: string };
const search = (query: Query) =>
  new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));

export const reportsApi = {
  supervision: (query: Query) => ask<Supervision>('GET', `reports/supervision?${search(query)}`),
  violations: (query: Query) => ask<NoticeView>('GET', `reports/violations?${search(query)}`),
  leads: (query: Query) => ask<{ items: LeadView[] }>('GET', `reports/leads?${search(query)}`),
  dangers: (query: Query) => ask<{ items: DangerView[] }>('GET', `reports/danger-sections?${search(query)}`),
  gates: (query: Query) => ask<{ items: GateView[] }>('GET', `reports/gates?${search(query)}`),
};

/** The address of a report as a file. */
export const reportFile = (name: string, query: Query, format: 'xlsx' | 'pdf', language: string): string =>
  `/api/v1/reports/${name}?${search({ ...query, format, language })}`;
