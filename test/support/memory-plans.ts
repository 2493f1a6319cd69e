import type { PlanFiles } from '../../geo/plan/plan.ts';
import type { PlanChange, PlanSaving, PlanStore } from '../../services/store/store.ts';

/** The store's plans in memory, with its promise: of two writers that read the same version, one is refused. */
export function memoryPlans(): PlanStore & { readonly log: PlanChange[] } {
  const log: PlanChange[] = [];
  let current: { version: string; files: PlanFiles } | null = null;
  const put = (
    version: string,
    files: PlanFiles,
    note: string,
    saving: PlanSaving,
    names: string[],
  ): boolean => {
    if (saving.expected !== undefined && saving.expected !== (current?.version ?? null)) return false;
    const { by = null, diff = [] } = saving;
    log.push({
      seq: log.length + 1,
      at: 0,
      version,
      parent: current?.version ?? null,
      by,
      note,
      files: names,
      diff,
    });
    current = { version, files };
    return true;
  };
  const heldBy = () => new Map([...(current?.files ?? [])].map(([name, text]) => [name, text]));
  return {
    log,
    save: async (version, files, note, saving = {}) => put(version, files, note, saving, [...files.keys()]),
    async amend(version, changed, note, saving) {
      const files = new Map(current?.files);
      for (const [name, text] of changed) {
        if (text === null) files.delete(name);
        else files.set(name, text);
      }
      return put(version, files, note, saving, [...changed.keys()]);
    },
    current: async () => current,
    currentSince: async () => current && { ...current, heldBy: heldBy() },
    currentVersion: async () => current?.version ?? null,
    versions: async () => [],
    changes: async (limit, before = Number.POSITIVE_INFINITY) =>
      log
        .filter((one) => one.seq < before)
        .reverse()
        .slice(0, limit),
    change: async (seq) => log.find((one) => one.seq === seq) ?? null,
  };
}
