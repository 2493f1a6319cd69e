import { parentPort, workerData } from 'node:worker_threads';
import { checkUpload } from './check-upload.ts';
import { zipPlan } from './plan-archive.ts';
import { rowsOf, textOf } from './plan-rows.ts';
import type { PlanTask, PlanTasks } from './plan-thread.ts';

function answerOf(task: PlanTask): PlanTasks[PlanTask['type']]['answer'] {
  switch (task.type) {
    case 'rows':
      return rowsOf(task.file, task.text);
    case 'text':
      return textOf(task.file, task.rows, task.before);
    case 'check':
      return checkUpload(task);
    case 'zip':
      return zipPlan(task.files);
  }
}

parentPort?.postMessage(answerOf(workerData as PlanTask));
