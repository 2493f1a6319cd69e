/** Connections with answers in line. Filled while frames or a commit are worked through, emptied once after. */
export class Outbox {
  #waiting: { flush(): void }[] = [];

  add(session: { flush(): void }): void {
    this.#waiting.push(session);
  }

  readonly flush = (): void => {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const session of waiting) session.flush();
  };
}
