import { DownloadOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { Answer, Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { type Query, reportFile } from '../../api/reports.ts';
import { useWords } from '../../i18n/language.ts';

/** Asks for a report anew with each change of the question. The older answer stays until the new one is there. */
export function useReport<T>(load: (query: Query) => Promise<Answer<T>>, query: Query) {
  const [value, setValue] = useState<T | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [serial, setSerial] = useState(0);
  const asked = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question as text is what changes
  useEffect(() => {
    let wanted = true;
    void load(JSON.parse(asked) as Query).then((answer) => {
      if (!wanted) return;
      setFault(answer.ok ? null : answer.fault);
      if (answer.ok) setValue(answer.value);
    });
    return () => {
      wanted = false;
    };
  }, [asked, serial]);
  return { value, fault, again: () => setSerial((now) => now + 1) };
}

/** A report: what is asked, the files of it, and the answer or why there is none. */
export function ReportCard(props: {
  readonly intro: string;
  readonly name: string;
  readonly query: Query;
  readonly asks: ReactNode;
  readonly fault: Fault | null;
  readonly waiting: boolean;
  readonly children: ReactNode;
}) {
  const { intro, name, query, asks, fault, waiting, children } = props;
  const { words, language } = useWords();
  return (
    <div className="card">
      <p className="page-intro">{intro}</p>
      <div className="asks">
        {asks}
        {(['xlsx', 'pdf'] as const).map((format) => (
          <Button
            key={format}
            icon={<DownloadOutlined />}
            href={reportFile(name, query, format, language)}
            download
            data-testid={`file-${format}`}
          >
            {words.reports[format]}
          </Button>
        ))}
      </div>
      {fault && (
        <p className="page-fault" role="alert">
          {faultText(fault, words)}
        </p>
      )}
      {waiting && !fault && <p className="page-empty">{words.loading.page}</p>}
      {children}
    </div>
  );
}

export interface Span {
  readonly from: string;
  readonly to: string;
}

export function SpanAsk({ span, onChange }: { span: Span; onChange: (span: Span) => void }) {
  const { words } = useWords();
  return (
    <>
      {(['from', 'to'] as const).map((end) => (
        <span key={end} className="ask">
          {words.reports[end]}
          <Input
            type="date"
            aria-label={words.reports[end]}
            value={span[end]}
            style={{ width: 150 }}
            onChange={({ target }) => target.value && onChange({ ...span, [end]: target.value })}
          />
        </span>
      ))}
    </>
  );
}

const CHINA_OFFSET_MS = 8 * 3_600_000;
export const chinaDay = (time: number): string => new Date(time + CHINA_OFFSET_MS).toISOString().slice(0, 10);
export const percent = (share: number | null): string =>
  share === null ? '—' : `${(share * 100).toFixed(1)}%`;
