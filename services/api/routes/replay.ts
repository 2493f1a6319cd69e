import { Type } from 'typebox';
import { visitsOf } from '../../../geo/matching/visits-of.ts';
import type { Plan, Run } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { TRACK_FORMATS, type TrackFormat, trackFile } from '../../evidence/track-file.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, userWithShareIn } from '../app-types.ts';
import type { ReplayFix, ReplayRun, ReplayView } from '../contract.ts';
import { hasShareIn, maySeeAlert, maySeeMedia, maySeeRun, POLICY, trackAccess } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import { isoTime, isoTimeOrNull, localDay } from '../time.ts';
import { alertFacts, storedAlertView } from '../views/alert-view.ts';
import { mediaView } from '../views/media-view.ts';
import { routeName } from '../views/position-view.ts';
import { vehicleView } from '../views/vehicle-view.ts';
import { readSpan } from './query.ts';

/** A day of reports every 5 s is 17,280. */
const MAX_FIXES = 20_000;
const MAX_EXPORTED = 100_000;
const MAX_REPLAY_MS = 2 * 86_400_000;
const MAX_EXPORT_MS = 31 * 86_400_000;
const MAX_ALERTS = 500;
const MAX_MEDIA = 300;

const Span = {
  from: Type.Optional(Type.String({ description: 'ISO 8601 with zone' })),
  to: Type.Optional(Type.String({ description: 'ISO 8601 with zone' })),
};
const Vehicle = Type.Object({ id: Type.String({ maxLength: 200 }) });

/** What a vehicle did in a span of time, beside what it was meant to do. */
export function replayRoutes(app: App, parts: ApiParts): void {
  const { store, facts, hub, now } = parts;

  /** Reports that the login may see; 404 where that is none of a vehicle that it does not see either. */
  const seenReports = async (
    user: User,
    vehicle: string,
    query: { from?: string; to?: string },
    most: number,
    longestMs: number,
  ) => {
    const plan = facts();
    const mayShow = trackAccess(user, plan, vehicle);
    if (!mayShow) throw new ProblemError('forbidden');
    const today = localDay(now(), plan?.plan.timeZone ?? 'Asia/Shanghai');
    const { from, to } = readSpan(query, { from: today.from, to: now() }, longestMs);
    const read = await store.positions.track(vehicle, from, to, most + 1);
    const reports = read.slice(0, most).filter((report) => mayShow(report.time));
    if (reports.length === 0 && !vehicleView(user, plan, hub, vehicle, now()))
      throw new ProblemError('not-found');
    return { from, to, reports, truncated: read.length > most };
  };

  app.get(
    '/vehicles/:id/replay',
    {
      schema: {
        tags: ['positions'],
        summary:
          'A span of a vehicle to play: reports, planned runs with their stops, alerts, photos. Audited',
        params: Vehicle,
        querystring: Type.Object(Span),
        response: { 200: Type.Any({ description: 'Replay' }), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request): Promise<ReplayView> => {
      const user = userWithShareIn(request, 'tracks');
      const { id: vehicle } = request.params;
      const seen = await seenReports(user, vehicle, request.query, MAX_FIXES, MAX_REPLAY_MS);
      const { from, to, reports, truncated } = seen;
      const plan = facts();
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'replay',
        subject: vehicle,
        detail: { from: isoTime(from), to: isoTime(to) },
        remote: request.ip,
      });
      const alerts = hasShareIn(user, 'alerts')
        ? await store.findings.list({ vehicles: [vehicle], from, to, limit: MAX_ALERTS })
        : [];
      const media = hasShareIn(user, 'media')
        ? await store.media.list({ vehicles: [vehicle], from, to, limit: MAX_MEDIA })
        : [];
      const runs = (plan?.plan.runsAt((from + to) / 2, (to - from) / 2000) ?? []).filter(
        (run) => plan && run.vehicleId === vehicle && maySeeRun(user, plan, run, run.start),
      );
      return {
        vehicle,
        plate: plan?.plan.vehicles.get(vehicle)?.plate ?? null,
        from: isoTime(from),
        to: isoTime(to),
        fixes: reports.map((report) => fixView(report, POLICY[user.role].speed)),
        truncated,
        runs: plan ? replayRuns(plan.plan, runs, reports) : [],
        alerts: alerts
          .filter((stored) => maySeeAlert(user, plan, alertFacts(stored)))
          .map((stored) => storedAlertView(plan, stored)),
        media: media.filter((one) => maySeeMedia(user, plan, one)).map((one) => mediaView(plan, one)),
      };
    },
  );

  app.get(
    '/vehicles/:id/track',
    {
      schema: {
        tags: ['positions'],
        summary: 'A span of a vehicle as a file: GPX 1.1, GeoJSON or CSV. Audited',
        params: Vehicle,
        querystring: Type.Object({ ...Span, format: words(TRACK_FORMATS) }),
        response: { 200: { description: 'The file' }, ...refusals(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const user = userWithShareIn(request, 'tracks');
      const { id: vehicle } = request.params;
      const { format } = request.query as { format: TrackFormat };
      const seen = await seenReports(user, vehicle, request.query, MAX_EXPORTED, MAX_EXPORT_MS);
      if (seen.truncated)
        throw new ProblemError('bad-request', `more than ${MAX_EXPORTED} reports: ask for less`);
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'track-export',
        subject: vehicle,
        detail: { format, from: isoTime(seen.from), to: isoTime(seen.to) },
        remote: request.ip,
      });
      const plate = facts()?.plan.vehicles.get(vehicle)?.plate ?? null;
      const { type, text } = trackFile(format, { vehicle, plate, reports: seen.reports });
      const stamp = isoTime(seen.from).slice(0, 16).replaceAll(/[-:T]/g, '');
      const name = encodeURIComponent(`${plate ?? vehicle}-${stamp}.${format}`);
      reply.serializer((body: unknown) => String(body));
      return reply
        .type(type)
        .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
        .header('x-content-type-options', 'nosniff')
        .send(text);
    },
  );
}

/** Status bits 13 to 16 (JT/T 808-2013 table 24): front, middle, rear door, driver's door open. */
const doorsOf = (statusFlags: number): number => (statusFlags >>> 13) & 0b1111;

function fixView(report: Report, speed: boolean): ReplayFix {
  const word = (kind: 'signals' | 'inputs'): number | null => {
    const event = report.events?.find((one) => one.kind === kind);
    return event && 'flags' in event ? event.flags : null;
  };
  return {
    time: isoTime(report.time),
    lat: report.lat,
    lon: report.lon,
    positioned: report.positioned,
    speedKmh: speed ? report.speedKmh : null,
    directionDeg: report.directionDeg,
    accOn: report.accOn,
    doors: doorsOf(report.statusFlags),
    signals: word('signals'),
    inputs: word('inputs'),
    backfill: report.backfill,
  };
}

/** The planned runs with the times of their stops, found by the very fold that judges. */
function replayRuns(plan: Plan, runs: readonly Run[], reports: readonly Report[]): ReplayRun[] {
  const driven = runs.length > 0 ? visitsOf(plan, reports) : [];
  return runs.map((run) => {
    const { trip } = run;
    const visits = driven.find((one) => one.trip === trip.id && one.serviceDate === run.serviceDate)?.visits;
    const route = plan.routes.get(trip.routeId);
    return {
      trip: trip.id,
      serviceDate: run.serviceDate,
      routeName: route ? routeName(route) : trip.routeId,
      start: isoTime(run.start),
      end: isoTime(run.end),
      line: (plan.shapes.get(trip.shapeId)?.points ?? []).map(([lon, lat]): [number, number] => [lon, lat]),
      stops: trip.stopTimes.map((call, index) => {
        const stop = plan.stops.get(call.stopId);
        const visit = visits?.find((one) => one.stop === index);
        const timed = visit?.kind === 'stood' || visit?.kind === 'passed';
        const planned = run.start + (call.departureS - trip.startS) * 1000;
        const arrivalDue = run.start + (call.arrivalS - trip.startS) * 1000;
        return {
          id: call.stopId,
          name: stop?.name ?? call.stopId,
          lat: stop?.lat ?? 0,
          lon: stop?.lon ?? 0,
          planned: isoTime(planned),
          arrived: timed ? isoTime(visit.arrival) : null,
          left: timed ? isoTimeOrNull(visit.departure) : null,
          lateS: timed ? Math.round((visit.arrival - arrivalDue) / 1000) : null,
          how: visit?.kind ?? null,
        };
      }),
    };
  });
}
