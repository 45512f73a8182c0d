import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { appRoot } from './project-paths.ts';

/**
 * The end-to-end tests drive what was built, so what they drive is built from what stands here; and beside it the window
 * that records with a scripted helper.
 */
export function setup(): void {
  for (const script of ['build/build.mjs', 'test/support/scripted-window/build.mjs']) {
    execFileSync(process.execPath, [join(appRoot, script)], { stdio: 'inherit' });
  }
}
