import type { MapConfig } from '../../../services/api/contract.ts';
import { type Answer, api } from '../api/client.ts';

let asked: Promise<Answer<MapConfig>> | undefined;

/** The service's map settings, asked for once; again after a failure. */
export function mapConfig(): Promise<Answer<MapConfig>> {
  asked ??= api.mapConfig().then((answer) => {
    if (!answer.ok) asked = undefined;
    return answer;
  });
  return asked;
}
