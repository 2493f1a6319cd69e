import { useEffect, useSyncExternalStore } from 'react';
import { preferences } from '../state/preferences.ts';
import { useStore } from '../state/store.ts';
import { dark, light, type Palette } from './palette.ts';

const darkSystem = window.matchMedia('(prefers-color-scheme: dark)');
const narrowScreen = window.matchMedia('(max-width: 767px)');

function useMedia(media: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => media.matches,
  );
}

/** Is this a phone, where panels are sheets over the map? */
export function useNarrow(): boolean {
  return useMedia(narrowScreen);
}

/** The colours in force: the user's choice, or else the system's. */
export function usePalette(): Palette {
  const { theme } = useStore(preferences);
  const systemDark = useMedia(darkSystem);
  return theme === 'dark' || (theme === 'system' && systemDark) ? dark : light;
}

/** Gives the style sheets the palette as custom properties, so that no colour is written twice. */
export function usePaletteOnPage(palette: Palette): void {
  useEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = palette.name;
    root.style.colorScheme = palette.name;
    const plain = [
      'primary',
      'page',
      'surface',
      'raised',
      'line',
      'text',
      'quiet',
      'good',
      'warn',
      'bad',
    ] as const;
    for (const name of plain) root.style.setProperty(`--${name}`, palette[name]);
    for (const severity of ['P1', 'P2', 'P3'] as const) {
      root.style.setProperty(`--${severity.toLowerCase()}`, palette.severity[severity]);
      root.style.setProperty(`--${severity.toLowerCase()}-tint`, palette.severityTint[severity]);
    }
    for (const [state, colour] of Object.entries(palette.bus))
      root.style.setProperty(`--bus-${state}`, colour);
  }, [palette]);
}

export function prefersStill(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
