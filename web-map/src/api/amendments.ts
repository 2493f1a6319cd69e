import type {
  AlertView,
  AmendmentList,
  AmendmentView,
  PlanChangeView,
  WhatIfMessage,
} from '../../../services/api/contract.ts';
import type { AmendmentResource } from '../../../services/api/policy/amend-policy.ts';
import { type Answer, ask, type Fault, faultOf } from './client.ts';

export type { AmendmentResource } from '../../../services/api/policy/amend-policy.ts';

/** What the form of a row holds; blank fields are left out. */
export type AmendmentDraft = { readonly [field: string]: string | number | null | undefined };

const id = encodeURIComponent;

/** The plan's amendments as the pages use them. */
export const amendmentsApi = {
  list: (resource: AmendmentResource) => ask<AmendmentList>('GET', resource),
  add: (resource: AmendmentResource, row: AmendmentDraft) =>
    ask<{ version: string; item: AmendmentView }>('POST', resource, row),
  put: (resource: AmendmentResource, row: AmendmentView) =>
    ask<{ version: string; item: AmendmentView }>('PUT', `${resource}/${id(row.id)}`, row),
  drop: (resource: AmendmentResource, row: string) =>
    ask<{ version: string }>('DELETE', `${resource}/${id(row)}`),
  changes: () => ask<{ items: PlanChangeView[] }>('GET', 'plan/changes?limit=50'),
  undo: (seq: number) => ask<{ version: string }>('POST', `plan/changes/${seq}/undo`),
  inShadow: (from: string) =>
    ask<{ items: AlertView[] }>(
      'GET',
      `alerts?${new URLSearchParams({ shadow: 'true', limit: '200', from })}`,
    ),
};

export interface WhatIfRequest {
  readonly from: string;
  readonly to: string;
  readonly vehicles: readonly string[];
  readonly settings: readonly AmendmentDraft[];
}

/** Asks what would have been found; `onMessage` hears each line as it comes. Resolves with what stood in the way, or null. */
export async function askWhatIf(
  request: WhatIfRequest,
  onMessage: (message: WhatIfMessage) => void,
  signal: AbortSignal,
): Promise<Fault | null> {
  try {
    const response = await fetch('/api/v1/what-if', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
    if (!response.ok || !response.body) return await faultOf(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') onMessage(JSON.parse(line) as WhatIfMessage);
    }
  } catch (error) {
    if (signal.aborted) return null;
    console.warn(error);
    return { kind: 'offline' };
  }
}

export type { Answer };
