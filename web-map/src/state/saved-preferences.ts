import type { Language } from '../../../services/api/contract.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';
export const LAYER_NAMES = ['routes', 'stops', 'schools', 'fences', 'labels'] as const;
export type LayerName = (typeof LAYER_NAMES)[number];

/** What this browser remembers of its user; nothing personal, nothing of the service. */
export interface Preferences {
  language: Language;
  theme: ThemeChoice;
  layers: Record<LayerName, boolean>;
  openAlertsOnly: boolean;
}

/** Reads what an earlier visit left, passing over whatever is not as it should be. */
export function readPreferences(text: string | null, fallback: Preferences): Preferences {
  if (text === null) return fallback;
  let saved: Partial<Record<keyof Preferences, unknown>>;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return fallback;
    saved = parsed;
  } catch {
    return fallback;
  }
  const layers = (typeof saved.layers === 'object' ? saved.layers : null) as Record<string, unknown> | null;
  return {
    language: saved.language === 'zh' || saved.language === 'en' ? saved.language : fallback.language,
    theme:
      saved.theme === 'light' || saved.theme === 'dark' || saved.theme === 'system'
        ? saved.theme
        : fallback.theme,
    layers: Object.fromEntries(
      LAYER_NAMES.map((name) => {
        const kept = layers?.[name];
        return [name, typeof kept === 'boolean' ? kept : fallback.layers[name]];
      }),
    ) as Record<LayerName, boolean>,
    openAlertsOnly:
      typeof saved.openAlertsOnly === 'boolean' ? saved.openAlertsOnly : fallback.openAlertsOnly,
  };
}
