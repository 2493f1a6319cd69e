import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../support/needs.ts';

const ARGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export function startBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('Chromium is not installed');
  return chromium.launch({ executablePath: chromiumPath, args: ARGS });
}

export interface Visit {
  size?: { width: number; height: number };
  language?: 'zh' | 'en';
  theme?: 'light' | 'dark';
  reducedMotion?: boolean;
}

/** A browser of somebody's own, and a note of everything that went wrong in it or left this machine. */
export async function visit(
  browser: Browser,
  { size = DESKTOP, language = 'zh', theme = 'light', reducedMotion = false }: Visit = {},
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const phone = size.width < 768;
  const context = await browser.newContext({
    viewport: size,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url()))
      faults.push(`left the machine: ${request.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      faults.push(message.text());
    }
  });
  return { context, page, faults };
}

export async function signIn(page: Page, url: string, login = 'admin', password = 'right'): Promise<void> {
  await page.goto(url);
  await page.locator('input[autocomplete=username]').fill(login);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('button[type=submit]').click();
}

/** Resolves when the map has drawn at least so many buses. */
export async function busesDrawn(page: Page, atLeast: number): Promise<void> {
  await page.waitForFunction((least) => {
    const canvas = document.querySelector<HTMLElement>('.maplibregl-canvas');
    return Number(canvas?.dataset.buses ?? 0) >= least;
  }, atLeast);
}
