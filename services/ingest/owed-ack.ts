/** Where acknowledgements go: the connection a report came by. */
export interface AckSink {
  /** Puts a platform general reply (0x8001) in line; `flush` sends what is in line in one write. */
  acknowledge(serial: number, msgId: number, result: number): void;
}

/** One 0x8001 owed to a terminal; sent when the last of the items of its message is safe in the database. */
export class OwedAck {
  readonly #sink: AckSink;
  readonly #serial: number;
  readonly #msgId: number;
  #left: number;

  constructor(sink: AckSink, serial: number, msgId: number, items = 1) {
    this.#sink = sink;
    this.#serial = serial;
    this.#msgId = msgId;
    this.#left = items;
  }

  /** One item is committed. */
  settle(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#sink.acknowledge(this.#serial, this.#msgId, 0);
  }
}
