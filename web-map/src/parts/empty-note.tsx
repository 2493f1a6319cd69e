import type { ReactNode } from 'react';

/** Nothing here, why, and what would change that. */
export function EmptyNote({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty-note">
      <svg width="64" height="44" viewBox="0 0 64 44" aria-hidden="true">
        <path
          d="M4 38h56"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeDasharray="5 5"
        />
        <rect x="12" y="8" width="40" height="24" rx="6" fill="none" stroke="currentColor" strokeWidth="2" />
        <path d="M12 20h40M24 8v12M38 8v12" stroke="currentColor" strokeWidth="2" />
        <circle cx="22" cy="33" r="4" fill="var(--surface)" stroke="currentColor" strokeWidth="2" />
        <circle cx="42" cy="33" r="4" fill="var(--surface)" stroke="currentColor" strokeWidth="2" />
      </svg>
      <strong>{title}</strong>
      <span>{text}</span>
      {children}
    </div>
  );
}
