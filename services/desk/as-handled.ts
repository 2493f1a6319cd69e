import type { StoredFinding } from '../store/store.ts';
import { type AlertStep, type DeskState, foldSteps, UNTOUCHED } from './handling.ts';

type Handled = Pick<
  StoredFinding,
  'state' | 'acknowledgedAt' | 'acknowledgedBy' | 'resolvedAt' | 'resolvedBy' | 'resolution' | 'note'
>;

/** How the alert stands: its steps, on what was known of it before steps were kept. */
export function deskState(stored: Handled, steps: readonly AlertStep[]): DeskState {
  return foldSteps(steps, steps.some(({ act }) => act === 'acknowledge') ? UNTOUCHED : withoutSteps(stored));
}

/** Of an alert that was handled before steps were kept, its columns say what is known. */
export function withoutSteps(stored: Handled): DeskState {
  const { state, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy, resolution, note } = stored;
  if (state === 'new') return UNTOUCHED;
  const by = (login: string | null) => ({ id: '', login: login ?? '', name: login ?? '' });
  return {
    ...UNTOUCHED,
    stage: state === 'resolved' ? 'closed' : 'acknowledged',
    acknowledged: acknowledgedAt === null ? null : { at: acknowledgedAt, by: by(acknowledgedBy) },
    handled:
      resolvedAt === null
        ? null
        : { at: resolvedAt, by: by(resolvedBy), reason: resolution ?? '', deed: null },
    note,
  };
}

/** The alert with its handling in the words of the public contract, where what is handled is resolved. */
export function asHandled(stored: StoredFinding, desk: DeskState): StoredFinding {
  const { stage, acknowledged, handled } = desk;
  return {
    ...stored,
    desk,
    state: stage === 'new' || stage === 'acknowledged' ? stage : 'resolved',
    acknowledgedAt: acknowledged?.at ?? null,
    acknowledgedBy: acknowledged?.by.login ?? null,
    resolvedAt: handled?.at ?? null,
    resolvedBy: handled?.by.login ?? null,
    resolution: handled?.reason ?? null,
    note: desk.note,
  };
}
