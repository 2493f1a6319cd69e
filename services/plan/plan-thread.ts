import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PlanFiles } from '../../geo/plan/plan.ts';
import type { UploadChecked } from './check-upload.ts';
import type { PlanRow } from './plan-rows.ts';

/** Work on a plan's files that takes longer than others may wait. */
export interface PlanTasks {
  /** The rows of a file. */
  rows: { readonly ask: { file: string; text: string }; readonly answer: PlanRow[] };
  /** The file of these rows. */
  text: {
    readonly ask: { file: string; rows: readonly PlanRow[]; before: string | undefined };
    readonly answer: string;
  };
  /** What was uploaded, checked as a plan and compared with the one in force. */
  check: {
    readonly ask: { upload: Uint8Array; name: string; inForce: PlanFiles | null; merge: boolean };
    readonly answer: UploadChecked;
  };
  zip: { readonly ask: { files: PlanFiles }; readonly answer: Uint8Array };
}

export type PlanTask = {
  [type in keyof PlanTasks]: { readonly type: type } & PlanTasks[type]['ask'];
}[keyof PlanTasks];

export interface PlanThreadOptions {
  /** Of the thread; beyond it the task fails and nothing else does. */
  readonly memoryMb?: number;
  /** Threads at a time in this process; others wait their turn ... */
  readonly threads?: number;
  /** ... as many as this, beyond which it is refused. */
  readonly waiting?: number;
}

export const PLAN_THREAD_DEFAULTS = { memoryMb: 4_096, threads: 1, waiting: 16 } as const;

/** Too many wait for the thread already. */
export class PlanThreadBusy extends Error {
  override readonly name = 'PlanThreadBusy';
}

let running = 0;
const queue: (() => void)[] = [];

/** Does the task in a thread of its own, and rejects where that fails. */
export async function inPlanThread<T extends keyof PlanTasks>(
  task: { readonly type: T } & PlanTasks[T]['ask'],
  options: PlanThreadOptions = {},
): Promise<PlanTasks[T]['answer']> {
  const { memoryMb, threads, waiting } = { ...PLAN_THREAD_DEFAULTS, ...options };
  if (running >= threads) {
    if (queue.length >= waiting) throw new PlanThreadBusy('too much work on plans is waiting already');
    await new Promise<void>((resolve) => queue.push(resolve));
  } else running++;
  try {
    const worker = new Worker(new URL('./plan-thread.mjs', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    try {
      const [message] = await once(worker, 'message');
      return message as PlanTasks[T]['answer'];
    } finally {
      await worker.terminate();
    }
  } finally {
    const next = queue.shift();
    if (next) next();
    else running--;
  }
}
