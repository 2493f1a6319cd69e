import type { Version } from '../message.ts';
import type { Header } from './header.ts';

export interface AssemblerLimits {
  /** Messages in the making at once; default 4. */
  readonly maxSets?: number;
  /** Bytes of all of them; default 4 MiB. */
  readonly maxBytes?: number;
  /** Silence after which missing packets are asked for, ms; default 10,000. */
  readonly retryAfterMs?: number;
  /** How often they are asked for before the set is given up; default 5. */
  readonly maxRetries?: number;
}

/** A message whose packets are still coming. */
export interface IncompleteSet {
  readonly phone: string;
  readonly msgId: number;
  readonly version: Version;
  readonly protocolVersion: number;
  /** Serial of the first packet: what 0x8003 names. */
  readonly firstSerial: number;
  readonly parts: number;
  /** Packet numbers not here yet, from 1; at most 255, as one 0x8003 of 2013 can name. */
  readonly missing: readonly number[];
  readonly bytes: number;
}

export type Accepted =
  | {
      readonly state: 'complete';
      readonly body: Uint8Array;
      readonly firstSerial: number;
      readonly parts: number;
    }
  | { readonly state: 'waiting'; readonly received: number; readonly parts: number }
  /** The packet was here before. */
  | { readonly state: 'repeated'; readonly received: number; readonly parts: number }
  | { readonly state: 'refused'; readonly reason: string };

interface PacketSet {
  readonly header: Header;
  readonly firstSerial: number;
  readonly packets: (Uint8Array | undefined)[];
  received: number;
  bytes: number;
  touchedAt: number;
  retries: number;
}

const MOST_ASKED_AT_ONCE = 255;

/**
 * Puts messages sent in several packets together (JT/T 808-2019 4.4.3, table 3). A set is known by phone, message id
 * and the serial of its first packet, so that two of the same kind may interleave. Sets, bytes and time are bounded;
 * the clock is the caller's.
 */
export class Assembler {
  private readonly sets = new Map<string, PacketSet>();
  private readonly limits: Required<AssemblerLimits>;
  /** Pushed out by newer ones; `expire` tells of them. */
  private displaced: IncompleteSet[] = [];
  private bytes = 0;

  constructor(limits: AssemblerLimits = {}) {
    this.limits = {
      maxSets: limits.maxSets ?? 4,
      maxBytes: limits.maxBytes ?? 4 * 1024 * 1024,
      retryAfterMs: limits.retryAfterMs ?? 10_000,
      maxRetries: limits.maxRetries ?? 5,
    };
  }

  /** Takes one packet; `body` is copied. */
  accept(header: Header, body: Uint8Array, nowMs: number): Accepted {
    const { part, parts } = header;
    if (part < 1 || part > parts) return { state: 'refused', reason: `packet ${part} of ${parts}` };
    const firstSerial = (header.serial - (part - 1)) & 0xffff;
    const key = `${header.phone}/${header.msgId}/${firstSerial}/${parts}`;
    let set = this.sets.get(key);
    if (set === undefined) {
      if (parts > this.limits.maxBytes / 64)
        return { state: 'refused', reason: `${parts} packets are too many` };
      if (this.sets.size >= this.limits.maxSets) this.dropOldest();
      set = {
        header,
        firstSerial,
        packets: new Array(parts),
        received: 0,
        bytes: 0,
        touchedAt: nowMs,
        retries: 0,
      };
      this.sets.set(key, set);
    }
    set.touchedAt = nowMs;
    if (set.packets[part - 1] !== undefined) return { state: 'repeated', received: set.received, parts };
    if (this.bytes + body.length > this.limits.maxBytes) {
      this.drop(key, set);
      return { state: 'refused', reason: `more than ${this.limits.maxBytes} bytes in unfinished messages` };
    }
    set.packets[part - 1] = body.slice();
    set.received++;
    set.bytes += body.length;
    this.bytes += body.length;
    if (set.received < parts) return { state: 'waiting', received: set.received, parts };
    this.drop(key, set);
    return { state: 'complete', body: join(set.packets as Uint8Array[], set.bytes), firstSerial, parts };
  }

  /**
   * What the passing of time asks for: the sets whose missing packets are to be requested now (0x8003), and those
   * given up. Whatever was given up is forgotten.
   */
  expire(nowMs: number): {
    readonly requests: readonly IncompleteSet[];
    readonly givenUp: readonly IncompleteSet[];
  } {
    const requests: IncompleteSet[] = [];
    const givenUp = this.displaced;
    this.displaced = [];
    for (const [key, set] of this.sets) {
      if (nowMs - set.touchedAt < this.limits.retryAfterMs) continue;
      if (set.retries >= this.limits.maxRetries) {
        this.drop(key, set);
        givenUp.push(describe(set));
      } else {
        set.retries++;
        set.touchedAt = nowMs;
        requests.push(describe(set));
      }
    }
    return { requests, givenUp };
  }

  /** Sets in the making. */
  get size(): number {
    return this.sets.size;
  }

  /** Bytes of their packets. */
  get heldBytes(): number {
    return this.bytes;
  }

  private dropOldest(): void {
    const oldest = [...this.sets].reduce((a, b) => (b[1].touchedAt < a[1].touchedAt ? b : a));
    this.drop(oldest[0], oldest[1]);
    if (this.displaced.length < this.limits.maxSets) this.displaced.push(describe(oldest[1]));
  }

  private drop(key: string, set: PacketSet): void {
    this.sets.delete(key);
    this.bytes -= set.bytes;
  }
}

function describe(set: PacketSet): IncompleteSet {
  const missing: number[] = [];
  for (let i = 0; i < set.packets.length && missing.length < MOST_ASKED_AT_ONCE; i++) {
    if (set.packets[i] === undefined) missing.push(i + 1);
  }
  const { phone, msgId, version, protocolVersion, parts } = set.header;
  return {
    phone,
    msgId,
    version,
    protocolVersion,
    firstSerial: set.firstSerial,
    parts,
    missing,
    bytes: set.bytes,
  };
}

function join(packets: readonly Uint8Array[], bytes: number): Uint8Array {
  const body = new Uint8Array(bytes);
  let at = 0;
  for (const packet of packets) {
    body.set(packet, at);
    at += packet.length;
  }
  return body;
}
