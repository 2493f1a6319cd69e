import type { Body, Version } from '../../protocol/jt808/message.ts';
import type { CommandHost } from './terminal-commands.ts';
import { hexId } from './terminal-messages.ts';

/** Parameters that steer the terminal itself (JT/T 808-2019 table 12): how each is read and set. */
const LIVE: {
  readonly [id: number]: {
    read(host: CommandHost): number;
    write(host: CommandHost, value: number): void;
  };
} = {
  1: {
    read: (host) => Math.round(host.settings.heartbeatMs / 1000),
    write: (host, seconds) => {
      host.settings.heartbeatMs = seconds * 1000;
    },
  },
  2: {
    read: (host) => Math.ceil(host.settings.replyTimeoutMs / 1000),
    write: (host, seconds) => {
      host.settings.replyTimeoutMs = seconds * 1000;
    },
  },
  3: {
    read: (host) => host.settings.retransmissions,
    write: (host, count) => {
      host.settings.retransmissions = count;
    },
  },
  41: {
    read: (host) => Math.round(host.source.intervalS),
    write: (host, seconds) => host.source.setInterval(seconds),
  },
};

/** As a terminal comes from its maker: not as a school bus needs it. */
const FROM_THE_MAKER: readonly (readonly [number, unknown])[] = [
  [0x0020, 0],
  [0x0027, 300],
  [0x0028, 5],
  [0x0055, 100],
  [0x0056, 10],
  [0x0057, 14_400],
  [0x0058, 28_800],
  [0x0059, 1_200],
  [0x005a, 3_600],
  [0x005b, 5],
  [0x005c, 1_800],
];
/** 2011 has neither. */
const SINCE_2013: ReadonlySet<number> = new Set([0x005b, 0x005c]);

export function parametersFromTheMaker(version: Version): [number, unknown][] {
  return FROM_THE_MAKER.filter(([id]) => version !== '2011' || !SINCE_2013.has(id)).map(([id, value]) => [
    id,
    value,
  ]);
}

/** 0x8103: takes what it knows; false where there was something that it does not know or cannot be. */
export function setParameters(host: CommandHost, body: Body): boolean {
  let all = true;
  for (const given of listOf(body.params)) {
    const { id, value } = given as { id: unknown; value?: unknown };
    const number = Number(id);
    const live = LIVE[number];
    if (live && typeof value === 'number' && value > 0) live.write(host, value);
    else if (!live && value !== undefined) host.memory.parameters.set(number, value);
    else all = false;
  }
  return all;
}

/** 0x8104 and 0x8106. */
export function parametersOf(host: CommandHost, asked: (id: number) => boolean): Body[] {
  const live = Object.entries(LIVE).map(([id, { read }]) => [Number(id), read(host)] as const);
  const plate = [0x0083, host.identity.plate] as const;
  const all = [...live, ...host.memory.parameters, plate].filter(([id]) => asked(id));
  return [...new Map(all)].sort(([a], [b]) => a - b).map(([id, value]) => ({ id: hexId(id), value }));
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
