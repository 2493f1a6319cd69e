import { Gauge, Histogram, type Registry } from '@platformatic/prom-client';
import type { ClaimedNotice, NoticeResult } from '../store/notice-store.ts';
import { countedMetrics, Tally } from '../tally.ts';

/** What the notifier counts. */
export interface NotifyCounts {
  /** Causes worked, those given up, sweeps. */
  readonly events: Tally;
  waitingCauses: number;
  waitingNotices: number;
  note(notice: ClaimedNotice, result: NoticeResult): void;
}

export function notifyCounts(registry: Registry): NotifyCounts {
  const sent = new Tally();
  const handOver = new Histogram({
    name: 'busguard_notify_hand_over_seconds',
    help: 'From the commit of what happened to the hand-over to a channel',
    labelNames: ['kind'],
    buckets: [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60],
    registers: [registry],
  });
  const counts: NotifyCounts = {
    events: new Tally(),
    waitingCauses: 0,
    waitingNotices: 0,
    note(notice, { state, channel, handedAt }) {
      sent.add(`${channel ?? 'none'} ${state === 'due' ? 'tried_again' : state}`);
      if (handedAt !== null && notice.attempts === 1)
        handOver.observe({ kind: notice.kind }, Math.max(0, handedAt - notice.causedAt) / 1000);
    },
  };
  const { plain, labelled } = countedMetrics(registry, 'busguard_notify_');
  labelled('notices_total', 'Notices by channel and what became of them', 'outcome', sent);
  labelled('events_total', 'Other things worth counting', 'event', counts.events);
  plain('waiting_causes', 'Causes not worked yet', Gauge, () => counts.waitingCauses);
  plain('waiting_notices', 'Notices not handed over yet', Gauge, () => counts.waitingNotices);
  return counts;
}
