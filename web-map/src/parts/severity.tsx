import { ExclamationCircleFilled, InfoCircleFilled, WarningFilled } from '@ant-design/icons';
import type { Severity } from '../../../geo/finding.ts';
import { useWords } from '../i18n/language.ts';

const ICONS = { P1: ExclamationCircleFilled, P2: WarningFilled, P3: InfoCircleFilled };

/** Severity by icon, colour and word, so that no one of them has to be seen. */
export function SeverityMark({ severity, quiet }: { severity: Severity; quiet?: boolean }) {
  const { words } = useWords();
  const Icon = ICONS[severity];
  return (
    <span
      className={`severity severity-${severity} ${quiet ? 'severity-quiet' : ''}`}
      title={words.alerts.severityLong[severity]}
    >
      <Icon aria-hidden="true" />
      {words.alerts.severities[severity]}
    </span>
  );
}
