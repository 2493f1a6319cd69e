import type { Language } from '../../../services/api/contract.ts';
import { type LayerName, type Preferences, readPreferences, type ThemeChoice } from './saved-preferences.ts';
import { createStore } from './store.ts';

export { LAYER_NAMES, type ThemeChoice } from './saved-preferences.ts';

const KEY = 'busguard.preferences';

function defaults(): Preferences {
  return {
    language: navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    theme: 'system',
    layers: { routes: true, stops: true, schools: true, fences: true, labels: true },
    openAlertsOnly: true,
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
