import type { BoardingEvent, BoardingSource } from '../../geo/boardings/boarding-event.ts';
import { riderRecord } from '../../geo/boardings/rider-record.ts';
import type { CrewEvent, EventSource } from '../../geo/vehicle-event.ts';
import type { RunKey } from '../store/boarding-store.ts';

const BY: { readonly [source in BoardingSource]: EventSource } = {
  terminal: 'terminal',
  camera: 'camera',
  app: 'app',
  tablet: 'app',
  gate: 'school',
  school: 'school',
  guardian: 'school',
};

/**
 * What the vehicle's judge hears of an event; null where it changes nothing for it: an undo of one of two taps.
 * `known` is everything that was said of the run, the event included.
 */
export function judgeWord(
  event: BoardingEvent,
  run: RunKey,
  known: readonly BoardingEvent[],
): CrewEvent | null {
  const { id, source } = event;
  const said = { id, by: BY[source] };
  switch (event.kind) {
    case 'boarded':
    case 'alighted':
      return { ...said, kind: event.kind, rider: event.rider, stop: event.stop };
    case 'absent':
      return { ...said, kind: 'absent', rider: event.rider, trip: run.trip };
    case 'taken_back': {
      const was = lost(event, known);
      return was && { ...said, kind: 'taken_back', rider: event.rider, was, trip: run.trip };
    }
    case 'sign_on':
    case 'sign_off': {
      // A phone says where it is; that the code in the bus was read says more.
      const nearBus = event.proof === null ? null : true;
      return { ...said, kind: event.kind, person: event.person, role: event.role, nearBus };
    }
    case 'head_count':
      return { ...said, kind: 'head_count', aboard: event.aboard };
    case 'pre_trip':
      return { ...said, kind: 'pre_trip', passed: event.passed, defects: event.defects };
    case 'walk_through':
      return { ...said, kind: 'walk_through', empty: event.empty, proof: event.proof };
    case 'departure_refused':
      return { ...said, kind: 'departure_refused', reason: event.reason };
    case 'sos':
      return { ...said, kind: 'sos' };
  }
}

/** What is no longer true of the child since the event was said. */
function lost(
  event: BoardingEvent & { readonly kind: 'taken_back' },
  known: readonly BoardingEvent[],
): 'boarded' | 'alighted' | 'absent' | null {
  const before = riderRecord(
    event.rider,
    known.filter(({ id }) => id !== event.id),
    null,
  );
  const after = riderRecord(event.rider, known, null);
  if (before.boarded && !after.boarded) return 'boarded';
  if (before.alighted && !after.alighted) return 'alighted';
  return before.absent && !after.absent ? 'absent' : null;
}
