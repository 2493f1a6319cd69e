import type { BoardingEvent } from '../../geo/boardings/boarding-event.ts';
import { storableJson, storableText, timestamp } from './column-types.ts';
import type { Database, Session } from './database.ts';
import type { OutboxWrite } from './store.ts';

/** One run of one day. */
export interface RunKey {
  readonly trip: string;
  /** `YYYYMMDD` */
  readonly serviceDate: string;
}

export interface WalkThroughPhoto {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface BoardingStore {
  /**
   * Stores what was not stored yet, and in the same transaction what is to be told of it, which `tell` works out of
   * what was known of the run before and what is now. Runs of one day and trip are stored one after another. Returns
   * the ids that were new.
   */
  append(
    run: RunKey,
    events: readonly BoardingEvent[],
    tell: (before: readonly BoardingEvent[], after: readonly BoardingEvent[]) => readonly OutboxWrite[],
  ): Promise<ReadonlySet<string>>;
  ofRun(run: RunKey): Promise<BoardingEvent[]>;
  /** What was said of these children on the service days given, by run. */
  ofRiders(
    riders: readonly string[],
    serviceDates: readonly string[],
  ): Promise<(RunKey & { event: BoardingEvent })[]>;
  /** Of these runs of one day, absences and what was taken back. */
  absences(serviceDate: string, trips: readonly string[]): Promise<(RunKey & { event: BoardingEvent })[]>;
  /** Kept once; false where there is one already. */
  keepPhoto(run: RunKey, event: string, by: string, at: number, photo: WalkThroughPhoto): Promise<boolean>;
  photo(run: RunKey, event: string): Promise<WalkThroughPhoto | null>;
  /** Removes what is of service days before this one. */
  prune(beforeServiceDate: string): Promise<number>;
}

const COLUMNS = `id, rider, kind, at, received_at as "receivedAt", source, said_by as "by", vehicle, detail`;

const OF_RUN = `
select ${COLUMNS} from boarding_event where service_date = $1 and trip = $2 order by at, id`;

const ABSENCES = `
select trip, ${COLUMNS} from boarding_event
where service_date = $1 and trip = any($2) and kind in ('absent', 'taken_back') order by at, id`;

const OF_RIDERS = `
select trip, service_date as "serviceDate", ${COLUMNS} from boarding_event
where rider = any($1) and service_date = any($2) order by at, id`;

const INSERT = `
insert into boarding_event
  (service_date, trip, id, rider, kind, at, received_at, source, said_by, vehicle, detail)
select $1, $2, * from unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[],
  $9::text[], $10::text[], $11::jsonb[])
on conflict do nothing returning id`;

const OUTBOX = `
insert into outbox (topic, key, payload) select * from unnest($1::text[], $2::text[], $3::jsonb[])`;

/** Two phones of one run wait for each other, so that each change is told once. */
const LOCK = `select pg_advisory_xact_lock(hashtext('boardings'), hashtext($1))`;

interface Row {
  readonly rider: string | null;
  readonly detail: object;
}

const readEvent = ({ rider, detail, ...rest }: Row): BoardingEvent =>
  ({ ...rest, ...detail, ...(rider === null ? {} : { rider }) }) as BoardingEvent;

export function makeBoardingStore(database: Database): BoardingStore {
  const ofRun = async (on: Pick<Session, 'rows'>, { serviceDate, trip }: RunKey): Promise<BoardingEvent[]> =>
    (await on.rows<Row>(OF_RUN, [serviceDate, storableText(trip)])).map(readEvent);
  return {
    append: (run, events, tell) =>
      database.transaction(async (session) => {
        await session.rows(LOCK, [`${run.serviceDate} ${run.trip}`]);
        const before = await ofRun(session, run);
        const rows = await session.rows<{ id: string }>(INSERT, insertValues(run, events));
        const made = new Set(rows.map(({ id }) => id));
        if (made.size === 0) return made;
        const told = tell(before, await ofRun(session, run));
        if (told.length > 0) {
          await session.run(OUTBOX, [
            told.map(({ topic }) => topic),
            told.map(({ key }) => storableText(key)),
            told.map(({ payload }) => storableJson(payload)),
          ]);
        }
        return made;
      }),
    ofRun: (run) => ofRun(database, run),
    async ofRiders(riders, serviceDates) {
      const rows = await database.rows<Row & RunKey>(OF_RIDERS, [[...riders], [...serviceDates]]);
      return rows.map(({ trip, serviceDate, ...row }) => ({ trip, serviceDate, event: readEvent(row) }));
    },
    async absences(serviceDate, trips) {
      const rows = await database.rows<Row & { trip: string }>(ABSENCES, [serviceDate, [...trips]]);
      return rows.map(({ trip, ...row }) => ({ trip, serviceDate, event: readEvent(row) }));
    },
    async keepPhoto({ serviceDate, trip }, event, by, at, { contentType, bytes }) {
      const kept = await database.run(
        `insert into walk_through_photo (service_date, trip, event_id, received_at, said_by, content_type, bytes)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [serviceDate, storableText(trip), event, timestamp(at), by, contentType, Buffer.from(bytes)],
      );
      return kept > 0;
    },
    async photo({ serviceDate, trip }, event) {
      const [row] = await database.rows<WalkThroughPhoto>(
        `select content_type as "contentType", bytes from walk_through_photo
where service_date = $1 and trip = $2 and event_id = $3`,
        [serviceDate, storableText(trip), event],
      );
      return row ?? null;
    },
    async prune(before) {
      await database.run('delete from walk_through_photo where service_date < $1', [before]);
      return database.run('delete from boarding_event where service_date < $1', [before]);
    },
  };
}

function insertValues({ serviceDate, trip }: RunKey, events: readonly BoardingEvent[]): unknown[] {
  const column = <T>(of: (event: BoardingEvent) => T): T[] => events.map(of);
  return [
    serviceDate,
    storableText(trip),
    column(({ id }) => id),
    column((event) => ('rider' in event ? storableText(event.rider) : null)),
    column(({ kind }) => kind),
    column(({ at }) => timestamp(at)),
    column(({ at, receivedAt }) => timestamp(receivedAt ?? at)),
    column(({ source }) => source),
    column(({ by }) => storableText(by)),
    column(({ vehicle }) => vehicle && storableText(vehicle)),
    column((event) => storableJson(detailOf(event))),
  ];
}

const SAID = new Set(['id', 'rider', 'kind', 'at', 'receivedAt', 'source', 'by', 'vehicle']);

/** What only this kind of event has. */
const detailOf = (event: BoardingEvent): object =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !SAID.has(name)));
