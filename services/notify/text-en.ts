import type { NoticeWords } from './words.ts';

const stops = (n: number): string => (n === 1 ? '1 stop' : `${n} stops`);

export const en: NoticeWords = {
  minutes_before: (f) => [
    `Bus in about ${f.minutes} min`,
    `${f.route} is expected at ${f.stop} at ${f.expected}.`,
  ],
  stops_before: (f) => [
    `Bus ${stops(f.stops)} away`,
    `${f.route} is ${stops(f.stops)} before ${f.stop}${f.expected ? `, expected at ${f.expected}` : ''}.`,
  ],
  boarded: (f) => ['Your child is on the bus', `Got on at ${f.stop || f.route} at ${f.when}.`],
  alighted: (f) => ['Your child has got off', `Got off at ${f.stop || f.route} at ${f.when}.`],
  arrived_school: (f) => ['The bus is at school', `${f.route} reached ${f.school || f.stop} at ${f.when}.`],
  at_stop: (f) => ['The bus is at your stop', `${f.route} reached ${f.stop} at ${f.when}.`],
  delayed: (f) =>
    f.delayMin >= 3
      ? [`Bus about ${f.delayMin} min late`, `${f.route} is running about ${f.delayMin} minutes late.`]
      : ['Bus on time again', `${f.route} is about on time now.`],
  substitute: (f) => [
    `Today by bus ${f.plates}`,
    f.mergedInto
      ? `On ${f.date} ${f.route} runs together with ${f.mergedInto}, by bus ${f.plates}.`
      : `On ${f.date} ${f.route} is run by bus ${f.plates}. Look for that plate.`,
  ],
  cancelled: (f) => [
    'Run cancelled',
    `${f.route} of ${f.time} on ${f.date} does not run. Please arrange another way.`,
  ],
  retimed: (f) => [
    'Run at another time',
    `On ${f.date} ${f.route} leaves at ${f.start}${f.plates ? `, bus ${f.plates}` : ''}.`,
  ],
  as_planned: (f) => [
    'Run as planned after all',
    `${f.route} of ${f.time} on ${f.date} runs as planned${f.plates ? `, bus ${f.plates}` : ''}.`,
  ],
  skipped_stop: (f) => [
    'The bus did not stop',
    `${f.route} passed ${f.stop} at ${f.time} without stopping. Please call the school.`,
  ],
  not_started: (f) => [
    'The bus has not set out',
    `${f.route} was to leave at ${f.time}; the bus is not on its way yet.`,
  ],
  alert: (f) => [
    `[${f.severity}] ${f.rule} ${f.vehicle}`,
    `${f.time} ${f.vehicle}${f.route ? ` ${f.route}` : ''}: please deal with it.`,
  ],
  escalation: (f) => [
    `[${f.severity}] Not dealt with: ${f.rule} ${f.vehicle}`,
    `The alert of ${f.time} has been taken up by nobody; now at level ${f.level}.`,
  ],
  rules: {
    speeding: 'Speeding',
    route_deviation: 'Off route',
    wrong_stop_order: 'Stops out of order',
    skipped_stop: 'Stop skipped',
    off_schedule: 'Off schedule',
    unapproved_vehicle: 'Unapproved vehicle',
    unapproved_driver: 'Unapproved driver',
    missing_escort: 'No escort',
    child_left_behind: 'Child left behind',
    overload: 'Overload',
    unplanned_stop: 'Unplanned stop',
    outside_permitted_time: 'Outside permitted hours',
    fence: 'Fence',
    fatigue: 'Fatigue',
    terminal_offline: 'Terminal offline',
    terminal_fault: 'Terminal fault',
    sos: 'SOS',
    harsh_driving: 'Harsh driving',
    collision: 'Collision',
    adas: 'Driving assistance alarm',
    dsm: 'Driver state alarm',
    door_open_moving: 'Driving with door open',
    illegal_school_run: 'Illegal school run',
  },
};
