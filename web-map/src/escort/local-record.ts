import type { BoardingEvent } from '../../../geo/boardings/boarding-event.ts';
import { mergeEvents } from '../../../geo/boardings/merge-events.ts';
import type { Expected } from '../../../geo/boardings/rider-record.ts';
import { type RunRecord, runRecord } from '../../../geo/boardings/run-record.ts';
import type { BoardingEventView, BoardingsView } from '../../../services/api/contract.ts';
import type { Waiting } from './escort-db.ts';

/** The run as it stands by what the service said last and what this phone has not sent: the same merge as over there. */
export function localRecord(view: BoardingsView, waiting: readonly Waiting[], by: string): RunRecord {
  const roster = new Map<string, Expected>(
    view.riders.flatMap(({ rider, expectedStop }) =>
      expectedStop === null ? [] : [[rider, { stop: expectedStop, toSchool: view.toSchool }] as const],
    ),
  );
  return runRecord(
    mergeEvents(
      eventsOf(view),
      waiting.map((one) => eventOf(one, view.vehicle, by)),
    ),
    roster,
  );
}

function eventsOf(view: BoardingsView): BoardingEvent[] {
  const all = [...view.riders.flatMap(({ evidence }) => evidence), ...(view.crew?.events ?? [])];
  return all.map(
    ({ at, receivedAt, takenBack: _takenBack, ...event }: BoardingEventView) =>
      ({
        ...event,
        at: Date.parse(at),
        receivedAt: receivedAt === null ? null : Date.parse(receivedAt),
      }) as BoardingEvent,
  );
}

/** As the service will have it; what it does not keep of a tap is left out. */
function eventOf({ id, at, event }: Waiting, vehicle: string | null, by: string): BoardingEvent {
  const { code: _code, card: _card, place: _place, ...said } = event;
  return {
    stop: null,
    to: null,
    proof: null,
    ...said,
    id,
    at,
    receivedAt: null,
    source: 'app',
    by,
    vehicle,
  } as unknown as BoardingEvent;
}
