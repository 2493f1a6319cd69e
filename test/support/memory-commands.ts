import type { CommandEvent, CommandRow, CommandStore, Fence } from '../../services/store/command-store.ts';

export interface MemoryCommands extends CommandStore {
  readonly rows: Map<string, CommandRow>;
}

/** A `CommandStore` in memory, by the same conditions. `reach` rejects while the database is away. */
export function memoryCommands(
  reach: () => Promise<void> = async () => undefined,
  owns: (fence: Fence) => boolean = () => true,
): MemoryCommands {
  const rows = new Map<string, CommandRow>();
  const events = new Map<string, CommandEvent[]>();
  let seq = 0;

  const write = (id: string, at: number, event: string, detail: CommandEvent['detail']) => {
    events.set(id, [...(events.get(id) ?? []), { at, event, detail }]);
  };
  /** Changes a row that is as `when` says, and writes it down. */
  const change = async (
    id: string,
    when: (row: CommandRow) => boolean,
    to: (row: CommandRow) => Partial<CommandRow>,
    at: number,
    event: string,
    detail: CommandEvent['detail'],
  ): Promise<CommandRow | null> => {
    await reach();
    const row = rows.get(id);
    if (!row || !when(row)) return null;
    const changed = structuredClone({ ...row, ...to(row) });
    rows.set(id, changed);
    write(id, at, event, detail);
    return changed;
  };
  const waits = ({ state }: CommandRow): boolean => state === 'queued' || state === 'sent';
  const inOrder = (): CommandRow[] => [...rows.values()].sort((a, b) => a.seq - b.seq);

  return {
    rows,
    async queue({ remote, ...command }) {
      await reach();
      const row: CommandRow = {
        ...command,
        request: structuredClone(command.request),
        seq: ++seq,
        state: 'queued',
        reason: null,
        sentAt: null,
        endedAt: null,
        attempt: 0,
        step: 0,
        steps: null,
        answers: [],
      };
      rows.set(row.id, row);
      write(row.id, row.queuedAt, 'queued', { user: row.userName, remote });
      return row;
    },
    async get(id) {
      await reach();
      return rows.get(id) ?? null;
    },
    async events(id) {
      await reach();
      return events.get(id) ?? [];
    },
    async list({ phone, type, before = Number.POSITIVE_INFINITY, limit }) {
      await reach();
      return inOrder()
        .reverse()
        .filter((row) => row.phone === phone && row.seq < before && (!type || row.type === type))
        .slice(0, limit);
    },
    async pending(phone, limit) {
      await reach();
      return inOrder()
        .filter((row) => row.phone === phone && waits(row))
        .slice(0, limit);
    },
    async waiting(limit) {
      await reach();
      return [
        ...new Set(
          inOrder()
            .filter(waits)
            .map(({ phone }) => phone),
        ),
      ].slice(0, limit);
    },
    begin: ({ id, attempt }, fence, steps, at, detail) =>
      change(
        id,
        (row) => row.attempt === attempt && waits(row) && owns(fence),
        (row) => ({ state: 'sent', attempt: row.attempt + 1, sentAt: row.sentAt ?? at, steps }),
        at,
        'sent',
        detail,
      ),
    answered: ({ id, attempt }, answer, at, detail) =>
      change(
        id,
        (row) => row.attempt === attempt && row.state === 'sent',
        (row) => {
          const step = row.step + 1;
          const answers = [...row.answers, answer];
          return step >= (row.steps ?? 0)
            ? { step, answers, state: 'answered', endedAt: at }
            : { step, answers };
        },
        at,
        'answered',
        detail,
      ),
    answeredLate: ({ id, attempt }, answer, at) =>
      change(
        id,
        (row) => row.attempt === attempt && row.reason === 'no_answer' && row.step + 1 >= (row.steps ?? 0),
        (row) => ({
          step: row.step + 1,
          answers: [...row.answers, answer],
          state: 'answered',
          reason: null,
          endedAt: at,
        }),
        at,
        'answered_late',
        {},
      ),
    failed: ({ id, attempt }, reason, at, detail) =>
      change(
        id,
        (row) => row.attempt === attempt && waits(row),
        () => ({ state: 'failed', reason, endedAt: at }),
        at,
        'failed',
        { reason, ...detail },
      ),
    released: ({ id, attempt }, at, detail) =>
      change(
        id,
        (row) => row.attempt === attempt && row.state === 'sent',
        () => ({ state: 'queued' }),
        at,
        'connection_lost',
        detail,
      ),
    cancelled: (id, at, detail) =>
      change(
        id,
        (row) => row.state === 'queued',
        () => ({ state: 'cancelled', endedAt: at }),
        at,
        'cancelled',
        detail,
      ),
    async expire(now, heldMs) {
      await reach();
      const ended: CommandRow[] = [];
      for (const row of inOrder().filter(waits)) {
        if (row.expiresAt > (row.state === 'queued' ? now : now - heldMs)) continue;
        const changed = { ...row, state: 'expired' as const, endedAt: now };
        rows.set(row.id, changed);
        write(row.id, now, 'expired', {});
        ended.push(changed);
      }
      return ended;
    },
    async note(id, at, event, detail) {
      await reach();
      write(id, at, event, detail);
    },
  };
}
