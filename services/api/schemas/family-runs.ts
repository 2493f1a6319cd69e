import { Type } from 'typebox';
import { numberOrNull, objectOrNull, textOrNull, time, timeOrNull, words } from './basics.ts';

const Place = Type.Object({
  id: Type.String(),
  name: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  planned: time(),
});

/** `GET /family/runs`. */
export const FamilyRuns = Type.Object({
  at: time(),
  children: Type.Array(
    Type.Object({
      rider: Type.String(),
      name: Type.String(),
      school: textOrNull(),
      runs: Type.Array(
        Type.Object({
          trip: Type.String(),
          serviceDate: Type.String(),
          toSchool: Type.Boolean(),
          phase: words(['soon', 'on', 'over', 'cancelled'] as const),
          shownFrom: time('The bus is shown from then ...'),
          shownUntil: time('... until then'),
          stop: Place,
          school: objectOrNull(Place),
          plate: textOrNull(),
          substitute: Type.Boolean(),
          position: objectOrNull(
            Type.Object({
              lat: Type.Number(),
              lon: Type.Number(),
              time: time(),
              directionDeg: numberOrNull(),
            }),
          ),
          vehicle: textOrNull(),
          arrival: objectOrNull(
            Type.Object({
              from: time(),
              to: time(),
              basis: words(['prediction', 'delay'] as const),
            }),
          ),
          delayS: numberOrNull(),
          passed: Type.Boolean(),
          state: words(['expected', 'boarded', 'alighted', 'absent'] as const),
          boardedAt: timeOrNull(),
          alightedAt: timeOrNull(),
          warnings: Type.Array(Type.String()),
          absence: objectOrNull(Type.Object({ id: Type.String(), mine: Type.Boolean() })),
          mayExcuse: Type.Boolean(),
        }),
      ),
    }),
  ),
});
