import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findAppBrowser } from '../../electron/cli/find-browser.ts';
import type { LaunchOptions } from './launch-window.ts';

/** Starts a Chromium of its own for one window. */
export async function launchBrowser(options: LaunchOptions): Promise<{ browser: Browser; context: BrowserContext }> {
  const executablePath = findAppBrowser(process.env);
  if (executablePath === undefined) throw new Error('no Chromium or Chrome found; `npm test` says how to install it');
  const browser = await chromium.launch({
    executablePath,
    ...(options.scrollBars === true ? { ignoreDefaultArgs: ['--hide-scrollbars'] } : {}),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 840 },
    deviceScaleFactor: options.scale ?? 1,
    colorScheme: options.colorScheme ?? 'light',
  });
  return { browser, context };
}
