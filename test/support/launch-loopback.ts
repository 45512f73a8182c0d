import type { Page } from 'playwright-core';
import { launchBrowser } from './launch-browser.ts';
import type { Launched, LaunchOptions } from './launch-window.ts';
import { scriptedServe } from './project-paths.ts';
import { startServe } from './start-serve.ts';

/** Serves the window with the real command and opens it in a real browser. */
export async function launchLoopback(
  options: LaunchOptions,
  env: NodeJS.ProcessEnv,
  watch: (page: Page) => void,
): Promise<Launched> {
  const { files = [], shared = false, script, longestFile } = options;
  const argv = [...(shared ? ['--shared'] : []), ...files];
  const served = await startServe(argv, env, script === undefined ? undefined : scriptedServe, longestFile);
  const { browser, context } = await launchBrowser(options);
  const page = await context.newPage();
  watch(page);
  await page.goto(served.address);
  return {
    page,
    address: served.address,
    desktop: undefined,
    async close() {
      await browser.close();
      await served.stop();
    },
  };
}
