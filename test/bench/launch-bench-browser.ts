import { type Browser, chromium } from 'playwright-core';
import { findAppBrowser } from '../../electron/cli/find-browser.ts';

/** The browser that windows are measured in. */
export async function launchBenchBrowser(flags: readonly string[]): Promise<Browser> {
  const executablePath = findAppBrowser(process.env);
  if (executablePath === undefined) throw new Error('no Chromium or Chrome found; --no-window leaves the browser out');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...sandbox, '--disable-gpu', ...flags] });
}
