import type { Language } from '../../../services/api/contract.ts';
import { createStore } from './store.ts';

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

const KEY = 'busguard.preferences';

function defaults(): Preferences {
  return {
    language: navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    theme: 'system',
    layers: { routes: true, stops: true, schools: true, fences: true, labels: true },
    openAlertsOnly: true,
  };
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

/** Storage may be forbidden (private windows, policies); then nothing is remembered and all else works. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export const preferences = createStore<Preferences>(
  readPreferences(storage()?.getItem(KEY) ?? null, defaults()),
);

/** Did the user choose a language here before? Else the account's own language is taken at sign-in. */
let languageChosen = storage()?.getItem(KEY) !== null;

function change(part: Partial<Preferences>): void {
  preferences.update((now) => ({ ...now, ...part }));
  try {
    storage()?.setItem(KEY, JSON.stringify(preferences.get()));
  } catch (error) {
    console.warn('preferences are not remembered', error);
  }
}

export function chooseLanguage(language: Language): void {
  languageChosen = true;
  change({ language });
}

/** The account's language, where this browser has none of its own. */
export function offerLanguage(language: Language): void {
  if (!languageChosen) preferences.update((now) => ({ ...now, language }));
}

export function chooseTheme(theme: ThemeChoice): void {
  change({ theme });
}

export function showLayer(name: LayerName, shown: boolean): void {
  change({ layers: { ...preferences.get().layers, [name]: shown } });
}

export function showOpenAlertsOnly(openAlertsOnly: boolean): void {
  change({ openAlertsOnly });
}
