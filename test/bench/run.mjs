/**
 * `npm run bench`: what reading, accounting and drawing a large recording costs here, beside the tools of the system on
 * the same data. `-- --json` prints the figures as data (`bench-result.ts`), `-- --no-window` leaves the browser out,
 * `-- --events=N` measures a recording of N events instead of those of one and five million.
 *
 * The measured code is bundled first, as it is for people.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildAll } from '../../build/build.mjs';
import { compileHelper } from '../../build/build-helper.mjs';
import { installPackages } from '../../build/install-packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}out/bench`;
const window = !process.argv.includes('--no-window');
if (window) {
  await buildAll();
  await import('../support/scripted-window/build.mjs');
}
mkdirSync(folder, { recursive: true });
compileHelper({ output: `${folder}/capture-helper` });
if (spawnSync('lsof', ['-v'], { stdio: 'ignore' }).error !== undefined) installPackages(['lsof']);
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    outDir: folder,
    emptyOutDir: false,
    rolldownOptions: {
      input: { 'run-bench': `${root}test/bench/run-bench.ts`, 'read-once': `${root}test/bench/read-once.ts` },
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      external: [...builtinModules.flatMap((name) => [name, `node:${name}`]), 'playwright-core'],
    },
  },
});
const { runBench } = await import(`${folder}/run-bench.mjs`);
const events = process.argv.find((word) => word.startsWith('--events='))?.slice('--events='.length);
const complete = await runBench(folder, {
  json: process.argv.includes('--json'),
  window,
  look: `${root}test/fixtures/snapshots/graphical-session.frames`,
  sizes: events === undefined ? [1_000_000, 5_000_000] : [Number(events)],
});
if (!complete) process.exitCode = 1;
