import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';

export interface Tab<Key extends string> {
  readonly key: Key;
  readonly label: string;
  readonly form: ReactNode;
}

/**
 * Tabs that break into a second line rather than hide behind a menu, since a dispatcher shall see all there is. Left
 * and right go from one to the next (WAI-ARIA: tabs with automatic activation).
 */
export function Tabs<Key extends string>({
  label,
  tabs,
  onChange,
}: {
  label: string;
  tabs: readonly Tab<Key>[];
  onChange(): void;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Key | undefined>(tabs[0]?.key);
  const open = tabs.find(({ key }) => key === chosen) ?? tabs[0];
  const choose = (key: Key) => {
    setChosen(key);
    onChange();
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    const at = tabs.findIndex((tab) => tab.key === open?.key);
    const next = step === 0 ? undefined : tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    choose(next.key);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
  };
  return (
    <>
      <div ref={list} className="command-tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            data-tab={tab.key}
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === open?.key}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === open?.key ? 0 : -1}
            onClick={() => choose(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open?.key}`} key={open?.key}>
        {open?.form}
      </div>
    </>
  );
}
