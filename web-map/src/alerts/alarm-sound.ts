import { createStore } from '../state/store.ts';

const KEY = 'busguard.sound';

/** `blocked`: wanted, but the browser lets no sound out before somebody has clicked. */
export type Sound = 'off' | 'on' | 'blocked';

export const sound = createStore<Sound>(localStorage.getItem(KEY) === 'on' ? 'blocked' : 'off');

let context: AudioContext | null = null;

/** Turned on by a click, which is what browsers ask for. */
export async function turnSound(on: boolean): Promise<void> {
  localStorage.setItem(KEY, on ? 'on' : 'off');
  if (!on) {
    sound.set('off');
    return;
  }
  try {
    context ??= new AudioContext();
    await context.resume();
    sound.set(context.state === 'running' ? 'on' : 'blocked');
  } catch (error) {
    console.warn(error);
    sound.set('blocked');
  }
}

/** Two tones, as a telephone exchange has them: heard in a loud room, and no siren. */
export function ring(): void {
  if (sound.get() !== 'on' || !context) return;
  const from = context.currentTime;
  [880, 660].forEach((hertz, i) => {
    const [tone, gain] = [context!.createOscillator(), context!.createGain()];
    const at = from + i * 0.22;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(gain).connect(context!.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  });
}
