import type { BoardingEvent } from '../../geo/boardings/boarding-event.ts';
import type { BoardingStore, RunKey, WalkThroughPhoto } from '../../services/store/boarding-store.ts';
import type { OutboxWrite } from '../../services/store/store.ts';

/** The store of boardings in memory, with the same once-only ids. */
export function memoryBoardings(reach: () => Promise<void> = async () => undefined): BoardingStore & {
  readonly outbox: OutboxWrite[];
} {
  const runs = new Map<string, { run: RunKey; events: Map<string, BoardingEvent> }>();
  const photos = new Map<string, WalkThroughPhoto>();
  const outbox: OutboxWrite[] = [];
  const keyOf = ({ serviceDate, trip }: RunKey) => `${serviceDate} ${trip}`;
  const of = (run: RunKey) => {
    const known = runs.get(keyOf(run)) ?? { run, events: new Map() };
    runs.set(keyOf(run), known);
    return known.events;
  };
  const listed = (run: RunKey) => [...of(run).values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const all = () => [...runs.values()].flatMap(({ run }) => listed(run).map((event) => ({ ...run, event })));
  return {
    outbox,
    async append(run, events, tell) {
      await reach();
      const before = listed(run);
      const made = new Set<string>();
      for (const event of events) {
        if (of(run).has(event.id)) continue;
        of(run).set(event.id, event);
        made.add(event.id);
      }
      if (made.size > 0) outbox.push(...tell(before, listed(run)));
      return made;
    },
    async ofRun(run) {
      await reach();
      return listed(run);
    },
    async ofRiders(riders, serviceDates) {
      await reach();
      return all().filter(
        ({ event, serviceDate }) =>
          'rider' in event && riders.includes(event.rider) && serviceDates.includes(serviceDate),
      );
    },
    async absences(serviceDate, trips) {
      await reach();
      return all().filter(
        (one) =>
          one.serviceDate === serviceDate &&
          trips.includes(one.trip) &&
          (one.event.kind === 'absent' || one.event.kind === 'taken_back'),
      );
    },
    async keepPhoto(run, event, _by, _at, photo) {
      await reach();
      const key = `${keyOf(run)} ${event}`;
      if (photos.has(key)) return false;
      photos.set(key, photo);
      return true;
    },
    async photo(run, event) {
      await reach();
      return photos.get(`${keyOf(run)} ${event}`) ?? null;
    },
    async prune() {
      return 0;
    },
  };
}
