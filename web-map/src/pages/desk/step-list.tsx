import type { AlertStepView } from '../../../../services/api/contract.ts';
import type { Dictionary } from '../../i18n/en.ts';
import { useWords } from '../../i18n/language.ts';
import { clockTimeWithSeconds } from '../../text/time.ts';

/** What was done, by whom and when, newest first. */
export function StepList({ steps }: { steps: readonly AlertStepView[] }) {
  const { words, language } = useWords();
  if (steps.length === 0) return <p className="page-empty">{words.desk.noHistory}</p>;
  const undone = new Set(steps.map(({ detail }) => detail.undoes));
  return (
    <ol className="desk-steps">
      {[...steps].reverse().map((step) => (
        <li key={step.seq} className={undone.has(step.seq) ? 'desk-undone' : undefined}>
          <time dateTime={step.at}>{clockTimeWithSeconds(language, step.at)}</time>{' '}
          <b>{step.by?.name ?? words.desk.time}</b> {words.desk.done[step.act]}
          {told(step, words) && <span> · {told(step, words)}</span>}
        </li>
      ))}
    </ol>
  );
}

/** The details of a step, in words. */
function told({ detail }: AlertStepView, { desk }: Dictionary): string {
  const word = (of: { readonly [key: string]: string }, key: unknown): string | null =>
    typeof key === 'string' ? (of[key] ?? key) : null;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const to = detail.to as { name?: string } | null | undefined;
  const excuse = detail.excuse as { kind?: string; proof?: string } | undefined;
  return [
    word(desk.reasons, detail.reason),
    word(desk.deeds, detail.deed),
    word(desk.verdicts, detail.verdict),
    to === undefined ? null : (to?.name ?? desk.nobody),
    typeof detail.level === 'number' ? (desk.levels[detail.level] ?? null) : null,
    text(detail.who),
    word(desk.outcomes, detail.outcome),
    text(detail.text),
    word(desk.excuses, excuse?.kind),
    text(excuse?.proof),
    text(detail.office),
    text(detail.caseNo),
    text(detail.note),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
