import type { Language } from '../../../services/api/contract.ts';
import { preferences } from '../state/preferences.ts';
import { useStore } from '../state/store.ts';
import { type Dictionary, en } from './en.ts';
import { zh } from './zh.ts';

const dictionaries: Record<Language, Dictionary> = { zh, en };

export function wordsOf(language: Language): Dictionary {
  return dictionaries[language];
}

/** The words of the language in use, and its name. */
export function useWords(): { words: Dictionary; language: Language } {
  const { language } = useStore(preferences);
  return { words: dictionaries[language], language };
}
