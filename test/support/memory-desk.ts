import { asHandled, deskState } from '../../services/desk/as-handled.ts';
import type { AlertStep } from '../../services/desk/handling.ts';
import type { DeskStore, ShiftHandover, StepOfAlert } from '../../services/store/desk-store.ts';
import type { StoredFinding } from '../../services/store/store.ts';

/** The desk over findings in memory. Time escalates nothing here: that is asked of a database. */
export function memoryDesk(
  findings: Map<string, StoredFinding>,
  up: () => void,
): DeskStore & { readonly made: readonly StepOfAlert[] } {
  const made: StepOfAlert[] = [];
  const handovers: ShiftHandover[] = [];
  const stepsOf = (id: string): AlertStep[] => made.filter(({ alertId }) => alertId === id);
  return {
    made,
    async act(id, work) {
      up();
      const stored = findings.get(id);
      if (!stored) return null;
      const before = stepsOf(id);
      const { steps } = work(stored, deskState(stored, before), before);
      if (steps.length === 0) return stored;
      for (const step of steps) made.push({ ...step, seq: made.length + 1, alertId: id });
      const handled = asHandled(stored, deskState(stored, stepsOf(id)));
      findings.set(id, handled);
      return handled;
    },
    async steps(id) {
      up();
      return stepsOf(id);
    },
    async due() {
      return [];
    },
    async stepsBetween(from, to, limit) {
      return made.filter(({ at }) => at >= from && at < to).slice(0, limit);
    },
    async saveHandover(handover) {
      const saved = { ...handover, seq: handovers.length + 1 };
      handovers.unshift(saved);
      return saved;
    },
    async handovers(desk, limit) {
      return handovers.filter((one) => desk === null || one.desk === desk).slice(0, limit);
    },
  };
}
