import type { BoardingOutcome, FamilyRunsView } from '../../../services/api/contract.ts';
import type {
  ConsentView,
  FamilySettings,
  FamilySettingsView,
  LookView,
  PushKeyView,
  PushSubscriptionView,
} from '../../../services/api/family-contract.ts';
import { ask } from '../api/client.ts';

const id = encodeURIComponent;

/** The service as the family page uses it. */
export const familyApi = {
  runs: (date?: string) =>
    ask<FamilyRunsView>('GET', `family/runs${date === undefined ? '' : `?date=${date}`}`),
  say: (trip: string, date: string, event: object) =>
    ask<{ items: BoardingOutcome[] }>('POST', `trips/${id(trip)}/boardings?date=${date}`, {
      events: [event],
    }),
  settings: () => ask<FamilySettingsView>('GET', 'family/settings'),
  saveSettings: (settings: FamilySettings) => ask<FamilySettingsView>('PUT', 'family/settings', settings),
  pushKey: () => ask<PushKeyView>('GET', 'push-key'),
  addPush: (subscription: unknown) =>
    ask<PushSubscriptionView>('POST', 'family/push-subscriptions', subscription),
  consents: (language: string) =>
    ask<{ items: ConsentView[] }>('GET', `family/consents?language=${language}`),
  consent: (body: { purpose: string; version: string; granted: boolean; language: string }) =>
    ask<{ items: ConsentView[] }>('POST', 'family/consents', body),
  accessLog: (rider: string) =>
    ask<{ items: LookView[]; next: string | null }>('GET', `family/access-log?rider=${id(rider)}`),
};
