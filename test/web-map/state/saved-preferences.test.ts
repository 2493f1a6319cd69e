import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Preferences, readPreferences } from '../../../web-map/src/state/saved-preferences.ts';

const fallback: Preferences = {
  language: 'zh',
  theme: 'system',
  layers: { routes: true, stops: true, schools: true, fences: true, labels: true },
  openAlertsOnly: true,
};

describe('preferences left by an earlier visit', () => {
  it('are taken over', () => {
    const kept = { ...fallback, language: 'en', theme: 'dark', layers: { ...fallback.layers, stops: false } };
    expect(readPreferences(JSON.stringify(kept), fallback)).toEqual(kept);
  });

  it('are mended where they are not as they should be', () => {
    const odd = JSON.stringify({
      language: 'fr',
      theme: 3,
      layers: { routes: 'no', stops: false },
      openAlertsOnly: null,
    });
    expect(readPreferences(odd, fallback)).toEqual({
      ...fallback,
      layers: { ...fallback.layers, stops: false },
    });
  });

  it('never keep the page from opening', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(null)), (text) => {
        expect(Object.keys(readPreferences(text, fallback)).sort()).toEqual(Object.keys(fallback).sort());
      }),
    );
  });
});
