import type {
  AlertStepView,
  AlertView,
  AssigneeView,
  CallCardView,
  EvidencePackView,
  ReplayView,
  ShiftHandoverView,
  ShiftSummaryView,
} from '../../../services/api/contract.ts';
import { ask } from './client.ts';

const id = encodeURIComponent;

/** What the desk and the replay ask of the service. */
export const deskApi = {
  waiting: (severity: string) =>
    ask<{ items: AlertView[]; next: string | null }>(
      'GET',
      `alerts?stage=new,acknowledged,handled,reviewed&severity=${severity}&limit=200`,
    ),
  heldUnder: (incident: string) =>
    ask<{ items: AlertView[] }>('GET', `alerts?incident=${id(incident)}&limit=200`),
  one: (alert: string) => ask<AlertView>('GET', `alerts/${id(alert)}`),
  steps: (alert: string) =>
    ask<{ items: AlertStepView[]; undoable: number | null }>('GET', `alerts/${id(alert)}/steps`),
  act: (alert: string, act: string, body: object = {}) =>
    ask<AlertView>('POST', `alerts/${id(alert)}/${act}`, body),
  assignees: (alert: string) => ask<{ items: AssigneeView[] }>('GET', `alerts/${id(alert)}/assignees`),
  callCard: (alert: string) => ask<CallCardView>('GET', `alerts/${id(alert)}/call-card`),
  makePack: (alert: string) => ask<EvidencePackView>('POST', `alerts/${id(alert)}/evidence`, {}),
  packs: (alert: string) => ask<{ items: EvidencePackView[] }>('GET', `alerts/${id(alert)}/evidence`),
  summary: (from: string) => ask<ShiftSummaryView>('GET', `desk/summary?from=${id(from)}`),
  handovers: () => ask<{ items: ShiftHandoverView[] }>('GET', 'desk/handovers'),
  handOver: (from: string, note: string) => ask<ShiftHandoverView>('POST', 'desk/handovers', { from, note }),
  replay: (vehicle: string, from: string, to: string) =>
    ask<ReplayView>('GET', `vehicles/${id(vehicle)}/replay?from=${id(from)}&to=${id(to)}`),
};

/** Addresses of files, for links. */
export const packHref = (pack: string, ending: 'pdf' | 'zip'): string =>
  `/api/v1/evidence/${pack}/pack.${ending}`;
export const trackHref = (vehicle: string, from: string, to: string, format: string): string =>
  `/api/v1/vehicles/${id(vehicle)}/track?format=${format}&from=${id(from)}&to=${id(to)}`;
