import { preferences } from '../state/preferences.ts';
import { useStore } from '../state/store.ts';
import { familyEn, familyZh } from './family-words.ts';

export function useFamilyWords() {
  const { language } = useStore(preferences);
  return { words: language === 'zh' ? familyZh : familyEn, language };
}
