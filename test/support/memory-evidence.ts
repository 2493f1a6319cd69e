import type { Report } from '../../geo/report.ts';
import type { EvidenceStore, PositionHold, StoredPack } from '../../services/store/evidence-store.ts';

/** Packs and holds in memory, over a track and an audit log of the caller's. */
export function memoryEvidence(
  track: () => readonly Report[],
  audit: readonly { userId: string | null; action: string; subject: string; detail: unknown }[],
): EvidenceStore {
  const packs: StoredPack[] = [];
  const holds = new Map<string, PositionHold>();
  return {
    async savePack(pack) {
      const saved = { ...pack, seq: packs.length + 1 };
      packs.push(saved);
      return saved;
    },
    async pack(id) {
      return packs.find((pack) => pack.id === id) ?? null;
    },
    async packs({ alert, limit }) {
      return packs
        .filter(({ alertId }) => alert === undefined || alertId === alert)
        .reverse()
        .slice(0, limit);
    },
    async hold(hold) {
      holds.set(hold.id, { ...hold, releasedAt: null, releasedBy: null });
      return holds.get(hold.id)!;
    },
    async release(id, by, at) {
      const hold = holds.get(id);
      if (hold && hold.releasedAt === null) holds.set(id, { ...hold, releasedAt: at, releasedBy: by });
      return holds.get(id) ?? null;
    },
    async holdById(id) {
      return holds.get(id) ?? null;
    },
    async holds({ vehicle, limit }) {
      return [...holds.values()].filter((hold) => !vehicle || hold.vehicle === vehicle).slice(0, limit);
    },
    async reports(vehicle, from, to, limit) {
      return track()
        .filter((report) => report.vehicle === vehicle && report.time >= from && report.time <= to)
        .slice(0, limit)
        .map((report) => ({ report, body: Uint8Array.of(0, 0, 0, 3, 0xab) }));
    },
    async looks(subjects, limit) {
      return audit
        .filter(({ subject }) => subjects.includes(subject))
        .slice(0, limit)
        .map(({ userId, action, subject, detail }) => ({
          at: 0,
          userId,
          userName: null,
          action,
          subject,
          detail,
        }));
    },
  };
}
