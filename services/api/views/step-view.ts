import type { AlertStep } from '../../desk/handling.ts';
import type { AlertStepView } from '../contract.ts';
import { isoTime } from '../time.ts';

export const stepView = ({ seq, at, by, act, detail }: AlertStep): AlertStepView => ({
  seq,
  at: isoTime(at),
  by: by && { id: by.id, name: by.name },
  act,
  detail: { ...detail },
});
