/**
 * `node test/bench/storm.mjs`, as root: how many events a second the capture helper carries on this machine's own tracefs,
 * what it loses and what it costs, beside `cat trace_pipe` and `trace-cmd record`. `--json` prints the figures as data
 * (`measure-storm.ts`). Uses an instance of tracefs of its own, and removes it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compileHelper } from '../../build/build-helper.mjs';
import { installPackages } from '../../build/install-packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}out/bench`;
mkdirSync(folder, { recursive: true });
if (spawnSync('trace-cmd', ['--version'], { stdio: 'ignore' }).error !== undefined) installPackages(['trace-cmd']);
const program = compileHelper({
  output: `${root}out/test-helper/storm-pump`,
  without: ['capture-helper.c'],
  with: [`${root}test/helper/c/storm-pump.c`],
});
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: `${root}test/bench/run-storm.ts`,
    target: 'node20',
    outDir: folder,
    emptyOutDir: false,
    rolldownOptions: {
      output: { entryFileNames: 'run-storm.mjs', codeSplitting: false },
      external: builtinModules.flatMap((name) => [name, `node:${name}`]),
    },
  },
});
const { runStorm } = await import(`${folder}/run-storm.mjs`);
await runStorm(program, folder, process.argv.includes('--json'));
