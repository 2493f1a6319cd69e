import { preferences } from '../state/preferences.ts';
import { useStore } from '../state/store.ts';
import { escortEn, escortZh } from './escort-words.ts';

export function useEscortWords() {
  const { language } = useStore(preferences);
  return { words: language === 'zh' ? escortZh : escortEn, language };
}
