import type {
  AlertView,
  CommandKindView,
  CommandView,
  FleetVehicleView,
  FrameView,
  MapConfig,
  MediaView,
  PlanGeometry,
  PositionView,
  Problem,
  RunView,
  SessionView,
  TerminalCommandRequest,
  TerminalParametersView,
  TrackPoint,
  VehicleView,
} from '../../../services/api/contract.ts';

/** Why a request brought nothing, as far as a person needs to know. */
export type Fault =
  | { kind: 'offline' | 'server' | 'forbidden' | 'missing' | 'tooMany' }
  /** `problem` is the type of the problem document, as below. */
  | { kind: 'expired'; problem: string }
  /** `problem` is the type of the problem document. */
  | { kind: 'refused'; status: number; problem: string; detail: string };

export type Answer<T> = { ok: true; value: T } | { ok: false; fault: Fault };

/** No answer for this long is as good as none. */
const TIMEOUT_MS = 20_000;

let onExpired: () => void = () => undefined;

/** Called whenever the service says that nobody is signed in. */
export function whenExpired(listener: () => void): void {
  onExpired = listener;
}

export async function faultOf(response: Response): Promise<Fault> {
  if (response.status === 401) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    return { kind: 'expired', problem: problem?.type ?? '' };
  }
  if (response.status === 403) return { kind: 'forbidden' };
  if (response.status === 404) return { kind: 'missing' };
  if (response.status === 429) return { kind: 'tooMany' };
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (response.status >= 500) return { kind: 'server' };
  return {
    kind: 'refused',
    status: response.status,
    problem: problem?.type ?? '',
    detail: problem?.detail ?? problem?.title ?? String(response.status),
  };
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) {
      const value = response.status === 204 ? null : await response.json();
      return { ok: true, value: value as T };
    }
  } catch {
    return { ok: false, fault: { kind: 'offline' } };
  }
  const fault = await faultOf(response);
  if (fault.kind === 'expired' && path !== 'session') onExpired();
  return { ok: false, fault };
}

/** What a browser reads at one go without anybody feeling it. */
const POSITIONS_PAGE = 1_000;
const FLEET_PAGE = 1_000;

const id = encodeURIComponent;

/** The service as the pages use it. */
export const api = {
  session: () => ask<SessionView>('GET', 'session'),
  signIn: (login: string, password: string, code?: string) =>
    ask<SessionView>('POST', 'session', { login, password, ...(code ? { code } : {}) }),
  signOut: () => ask<null>('DELETE', 'session'),
  mapConfig: () => ask<MapConfig>('GET', 'map-config'),
  planGeometry: () => ask<PlanGeometry>('GET', 'plan/geometry'),
  fleet: (after = 0) =>
    ask<{ items: FleetVehicleView[]; next: number | null }>(
      'GET',
      `fleet?limit=${FLEET_PAGE}&after=${after}`,
    ),
  runsOfToday: () => ask<{ items: RunView[] }>('GET', 'trips?limit=1000'),
  vehicle: (vehicle: string) => ask<VehicleView>('GET', `vehicles/${id(vehicle)}`),
  latestPositions: (after = 0) =>
    ask<{ items: PositionView[]; at: string; next?: number | null }>(
      'GET',
      `positions/latest?limit=${POSITIONS_PAGE}&after=${after}`,
    ),
  /** Of the plan's own today. */
  trackOfToday: (vehicle: string) =>
    ask<{ items: TrackPoint[]; truncated: boolean }>('GET', `vehicles/${id(vehicle)}/positions`),
  alerts: (query: { vehicle?: string; limit?: number; before?: string } = {}) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return ask<{ items: AlertView[]; next: string | null }>('GET', `alerts?${parameters}`);
  },
  /** Queued; what becomes of it comes by the live event `command`. */
  command: (phone: string, command: TerminalCommandRequest) =>
    ask<CommandView>('POST', `terminals/${id(phone)}/commands`, command),
  commands: (phone: string, before?: string) => {
    const after = before === undefined ? '' : `&before=${id(before)}`;
    return ask<{ items: CommandView[]; next: string | null }>(
      'GET',
      `terminals/${id(phone)}/commands?limit=20${after}`,
    );
  },
  commandOf: (phone: string, command: string) =>
    ask<CommandView>('GET', `terminals/${id(phone)}/commands/${id(command)}`),
  cancelCommand: (phone: string, command: string) =>
    ask<CommandView>('POST', `terminals/${id(phone)}/commands/${id(command)}/cancel`, {}),
  commandKinds: () => ask<{ items: CommandKindView[] }>('GET', 'command-kinds'),
  terminalParameters: (phone: string) =>
    ask<TerminalParametersView>('GET', `terminals/${id(phone)}/parameters`),
  media: (query: { vehicle?: string; finding?: string; limit?: number; before?: string }) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return ask<{ items: MediaView[]; next: string | null }>('GET', `media?${parameters}`);
  },
  /** Kept as evidence, or released. */
  holdMedia: (media: string, held: boolean) => ask<MediaView>('POST', `media/${id(media)}/hold`, { held }),
  explain: (frames: string) => ask<{ items: FrameView[] }>('POST', 'explain', { frames }),
  acknowledge: (alert: string) => ask<AlertView>('POST', `alerts/${id(alert)}/acknowledge`, {}),
  resolve: (alert: string, resolution: string, note: string | null) =>
    ask<AlertView>('POST', `alerts/${id(alert)}/resolve`, { resolution, ...(note ? { note } : {}) }),
};
