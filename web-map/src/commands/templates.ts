import type { Language } from '../../../services/api/contract.ts';

/** What is told to drivers most, in both languages: who sends need not read what the crew reads. */
export const TEMPLATES: { readonly [language in Language]: readonly string[] } = {
  zh: [
    '请减速慢行，注意安全。',
    '请立即返回规定线路。',
    '请在安全地点停车，并与调度中心联系。',
    '请清点学生人数并回报。',
    '到站后请检查车厢，确认无学生滞留。',
    '前方道路封闭，请按调度绕行。',
  ],
  en: [
    'Please slow down and drive safely.',
    'Please return to your route now.',
    'Stop where it is safe and call the control room.',
    'Please count the pupils and report.',
    'At the end of the run, check that nobody is left on board.',
    'The road ahead is closed. Take the diversion you are given.',
  ],
};
