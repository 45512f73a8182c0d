/**
 * `node test/bench/storm.mjs`, as root: how many events a second the capture helper carries on this machine's own tracefs,
 * what it loses and what it costs, beside `cat trace_pipe` and `trace-cmd record`, with the buffer that a recording has
 * unless somebody chose another. Uses an instance of tracefs of its own, and removes it.
 *
 * `--rates 400000,0` storms of so many events a second, 0 for as many as one process can make; `--seconds 60` how long each;
 * `--buffer 16384` so many KiB for each CPU; `--json` prints the figures as data (`measure-storm.ts`).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { compileHelper } from '../../build/build-helper.mjs';
import { installPackages } from '../../build/install-packages.mjs';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '10000,100000,400000,400000,400000,0' },
    seconds: { type: 'string', default: '10' },
    buffer: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
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
await runStorm(program, folder, {
  rates: values.rates.split(',').map(Number),
  seconds: Number(values.seconds),
  bufferKiB: values.buffer === undefined ? undefined : Number(values.buffer),
  json: values.json,
});
