/** A subject token from an id: letters, digits, `-` and `_` stay, every other UTF-16 unit becomes `=hhhh`. */
export function subjectToken(id: string): string {
  if (id === '') return '=';
  return id.replace(/[^A-Za-z0-9_-]/g, (c) => `=${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `live.<district>.<school>.<vehicle>` carries a `LivePosition`; one message per school that the run serves. */
export const liveSubject = (district: string, school: string, vehicle: string): string =>
  `live.${subjectToken(district)}.${subjectToken(school)}.${subjectToken(vehicle)}`;

/** Carries a `LiveAlert` (`services/ingest/live-events.ts`) after the finding is committed. */
export const alertSubject = (district: string, vehicle: string): string =>
  `alert.${subjectToken(district)}.${subjectToken(vehicle)}`;

/** Carries a `LiveEta` (`services/eta/live-eta.ts`): when the vehicle is expected at the stops ahead of it. */
export const etaSubject = (district: string, vehicle: string): string =>
  `eta.${subjectToken(district)}.${subjectToken(vehicle)}`;

/** Carries a `HandledAlert` when somebody acknowledged or resolved it. */
export const handledSubject = (district: string, vehicle: string): string =>
  `handled.${subjectToken(district)}.${subjectToken(vehicle)}`;

/** Carries a `LiveMedia` (`services/media/live-media.ts`) once a medium is stored. */
export const mediaSubject = (district: string, vehicle: string): string =>
  `media.${subjectToken(district)}.${subjectToken(vehicle)}`;

/** Carries `{session}` or `{user}`: what they had open is closed. */
export const SESSION_ENDED = 'session.ended';

/** Request: something waits for the terminal. Answered `{held}` by the process that has its connection. */
export const commandSubject = (phone: string): string => `command.${subjectToken(phone)}`;

/** Carries a `CommandChange` when a command to the terminal stands otherwise than before. */
export const commandedSubject = (phone: string): string => `commanded.${subjectToken(phone)}`;

/** Request `CrewEventRequest`: what people say of a vehicle, answered by the process that its terminal is connected to. */
export const crewEventSubject = (vehicle: string): string => `crew.vehicle.${subjectToken(vehicle)}`;

/** The same where no terminal is connected: any one ingest process takes the vehicle over for it. */
export const CREW_EVENT_ANY = 'crew.any';

/** Who came on duty on a vehicle, for the judges of all others (`services/ingest/crew-elsewhere.ts`). */
export const CREW_SIGNED_ON = 'crew.signed-on';

/** What a driver drove on one vehicle, for the judge of another. */
export const DRIVER_HOURS = 'crew.driver-hours';

/** Carries `{version}` when another plan has become the current one. */
export const PLAN_CHANGED = 'plan.changed';
