import type { Role, SessionView } from '../../../services/api/contract.ts';
import { api, type Fault, whenExpired } from '../api/client.ts';
import { noteSignedIn } from '../shell/ahead.ts';
import { go } from './place.ts';
import { offerLanguage } from './preferences.ts';
import { createStore } from './store.ts';

export type Session =
  | { status: 'unknown' }
  | { status: 'unreachable'; fault: Fault }
  | { status: 'out'; because: 'expired' | 'signedOut' | null }
  | { status: 'in'; view: SessionView };

export const session = createStore<Session>({ status: 'unknown' });

function enter(view: SessionView): void {
  offerLanguage(view.user.language);
  noteSignedIn(true);
  session.set({ status: 'in', view });
}

whenExpired(() => {
  if (session.get().status === 'in') session.set({ status: 'out', because: 'expired' });
});

/** Asks the service who this is. */
export async function findSession(): Promise<void> {
  const answer = await api.session();
  if (answer.ok) enter(answer.value);
  else if (answer.fault.kind === 'expired') {
    session.set({ status: 'out', because: session.get().status === 'in' ? 'expired' : null });
  } else if (session.get().status !== 'in') session.set({ status: 'unreachable', fault: answer.fault });
}

/** Families and escorts have pages of their own, made for phones. */
const OWN_PAGE: { readonly [role in Role]?: string } = { guardian: '/family', escort: '/escort' };

/** Null when signed in, else what stood in the way. */
export async function signIn(login: string, password: string, code?: string): Promise<Fault | null> {
  const answer = await api.signIn(login, password, code);
  if (!answer.ok) return answer.fault;
  const own = OWN_PAGE[answer.value.user.role];
  // Whose password another has set chooses their own first, which is done here.
  if (own === undefined || answer.value.mustChangePassword) enter(answer.value);
  else window.location.assign(own);
  return null;
}

/** The first password was changed for one's own: on to where the role begins. */
export async function ownPasswordSet(): Promise<void> {
  const now = session.get();
  const own = now.status === 'in' ? OWN_PAGE[now.view.user.role] : undefined;
  if (own === undefined) await findSession();
  else window.location.assign(own);
}

export async function signOut(): Promise<void> {
  await api.signOut();
  noteSignedIn(false);
  // Whoever signs in next begins at their own first page.
  go({ page: '' });
  session.set({ status: 'out', because: 'signedOut' });
}
