import { setTimeout as delay } from 'node:timers/promises';
import { type Bus, BusNoAnswer } from '../bus/bus.ts';
import { CREW_EVENT_ANY, crewEventSubject } from '../bus/subjects.ts';
import type { CrewEventAnswer, CrewEventRequest } from './crew-event.ts';

export const SEND_LIMITS = {
  /** How long one process may take to answer. */
  answerMs: 8_000,
  /** How long a vehicle may be changing hands. */
  longestMs: 10_000,
  againMs: 100,
} as const;

/**
 * Hands an event to the process that holds the vehicle's terminal, or to any ingest process where none does; null where
 * none answers in time. Safe to repeat: an event is stored once, by its id.
 */
export async function sendCrewEvent(
  bus: Bus,
  request: CrewEventRequest,
  limits: { readonly answerMs: number; readonly longestMs: number; readonly againMs: number } = SEND_LIMITS,
): Promise<CrewEventAnswer | null> {
  const giveUpAt = performance.now() + limits.longestMs;
  for (;;) {
    let answer = await ask(bus, crewEventSubject(request.vehicle), request, limits.answerMs);
    if (answer === 'nobody') answer = await ask(bus, CREW_EVENT_ANY, request, limits.answerMs);
    if (answer === 'nobody' || answer === null) return null;
    if (answer.ok || answer.error !== 'moved') return answer;
    if (performance.now() > giveUpAt) return null;
    await delay(limits.againMs);
  }
}

/** Null where the answer did not come: whoever was asked may still be at it, so nobody else is. */
async function ask(
  bus: Bus,
  subject: string,
  request: CrewEventRequest,
  answerMs: number,
): Promise<CrewEventAnswer | 'nobody' | null> {
  try {
    return (await bus.request(subject, request, answerMs)) as CrewEventAnswer;
  } catch (error) {
    if (error instanceof BusNoAnswer) return error.reason === 'nobody' ? 'nobody' : null;
    throw error;
  }
}
