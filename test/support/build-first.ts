import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { appRoot } from './project-paths.ts';

/** The end-to-end tests drive what was built, so what they drive is built from what stands here. */
export function setup(): void {
  execFileSync(process.execPath, [join(appRoot, 'build/build.mjs')], { stdio: 'inherit' });
}
