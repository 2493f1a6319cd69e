import { parentPort, workerData } from 'node:worker_threads';
import { compareFindings } from '../../geo/judge/compare-findings.ts';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import { startReplay } from '../../geo/judge/replay-reports.ts';
import { amendPlan, buildPlan } from '../../geo/plan/build-plan.ts';
import type { WhatIfAnswer, WhatIfQuestion, WhatIfReports } from './what-if.ts';

/** Judges reports twice, under the plan as it is and as it would be, away from everything that must answer at once. */
const { files, changed } = workerData as WhatIfQuestion;
const port = parentPort!;
const answer = (message: WhatIfAnswer): void => port.postMessage(message);

const now = buildPlan(files, 'now');
const then = now.ok ? amendPlan(now.base, changed, 'then') : now;
if (!now.ok || !then.ok) {
  answer({ type: 'refused', problems: then.ok ? [] : then.problems });
  port.close();
} else {
  const sides = [startReplay(makeJudge(now.plan)), startReplay(makeJudge(then.plan))] as const;
  let judged = 0;
  answer({ type: 'took', judged });
  port.on('message', (message: WhatIfReports) => {
    if (message.type === 'reports') {
      for (const report of message.reports) {
        sides[0].add(report);
        sides[1].add(report);
      }
      judged += message.reports.length;
      answer({ type: 'took', judged });
      return;
    }
    const [before, after] = sides.map((side) => side.findings().filter((finding) => !finding.shadow));
    answer({ type: 'compared', judged, difference: compareFindings(before!, after!) });
    port.close();
  });
}
