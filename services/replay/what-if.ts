import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FindingDifference } from '../../geo/judge/compare-findings.ts';
import type { PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';

/** The plan as it is, and its files as they would be: they differ in amendments alone. */
export interface WhatIfQuestion {
  readonly files: PlanFiles;
  readonly changed: PlanFiles;
}

export type WhatIfReports =
  | { readonly type: 'reports'; readonly reports: readonly Report[] }
  | { readonly type: 'end' };

export type WhatIfAnswer =
  | { readonly type: 'took'; readonly judged: number }
  | { readonly type: 'refused'; readonly problems: readonly PlanProblem[] }
  | { readonly type: 'compared'; readonly judged: number; readonly difference: FindingDifference };

export interface WhatIfOptions extends WhatIfQuestion {
  /** In order of event time. */
  readonly reports: AsyncIterable<readonly Report[]>;
  /** Of the reports judged, how many, and the event time of the newest (null before the first). */
  readonly onProgress: (judged: number, reached: number | null) => void;
  readonly signal: AbortSignal;
  /** Of the thread; beyond it the replay fails and nothing else does. */
  readonly memoryMb?: number;
}

export type WhatIfResult = Exclude<WhatIfAnswer, { type: 'took' }>;

/**
 * Runs reports through the judge under two plans, in a thread of its own, and says what differs. One chunk of reports is
 * under way at a time, so that memory is bounded however many days are asked for. Rejects when aborted.
 */
export async function whatIf(options: WhatIfOptions): Promise<WhatIfResult> {
  const { files, changed, reports, onProgress, signal, memoryMb = 2_048 } = options;
  signal.throwIfAborted();
  const worker = new Worker(new URL('./what-if-thread.mjs', import.meta.url), {
    workerData: { files, changed } satisfies WhatIfQuestion,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const answered = async (): Promise<WhatIfAnswer> => {
    // An error of the worker rejects this too.
    const [message] = await once(worker, 'message', { signal });
    return message as WhatIfAnswer;
  };
  try {
    let answer = await answered();
    if (answer.type !== 'took') return answer;
    for await (const chunk of reports) {
      if (chunk.length === 0) continue;
      worker.postMessage({ type: 'reports', reports: chunk } satisfies WhatIfReports);
      answer = await answered();
      if (answer.type === 'took') onProgress(answer.judged, chunk.at(-1)?.time ?? null);
    }
    worker.postMessage({ type: 'end' } satisfies WhatIfReports);
    answer = await answered();
    if (answer.type === 'took') throw new Error('the replay ended without an answer');
    return answer;
  } finally {
    await worker.terminate();
  }
}
