import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommand } from '../../build/build.mjs';
import { compileHelper, helperPath } from '../../build/build-helper.mjs';
import { tellCounts } from '../support/counts.mjs';
import { installPrerequisites } from './support/install-prerequisites.mjs';
import { prepareMachine } from './support/prepare-machine.mjs';

/** `npm run test:polkit`: prepares the machine, runs the suite, and takes everything away. The last line is the count. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const output = join(root, 'out/test-polkit');

const missing = installPrerequisites();
if (missing !== undefined) throw new Error(missing);
process.env.NODE_ENV = 'production';
await buildCommand(join(output, 'real'));
await buildCommand(join(output, 'any-kernel'), 'test/polkit/support/record-on-any-kernel.ts');
await buildCommand(join(output, 'window'), 'test/polkit/support/serve-on-any-kernel.ts');
compileHelper({ output: helperPath });
const c = (name) => join(root, 'test/helper/c', name);
const fake = { without: ['capture-helper.c', 'kernel-calls.c'], with: [c('fake-helper.c'), c('fake-kernel.c')] };
compileHelper({ ...fake, output: join(output, 'fake-helper') });

const report = join(output, 'report.json');
rmSync(report, { force: true });
const machine = await prepareMachine(output);
let status;
try {
  const argv = [
    'run',
    '--config',
    'test/polkit/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    ...process.argv.slice(2),
  ];
  ({ status } = spawnSync(join(root, 'node_modules/.bin/vitest'), [...argv, `--outputFile.json=${report}`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', MODSHARK_POLKIT_MACHINE: JSON.stringify(machine.facts) },
  }));
} finally {
  machine.restore();
}
const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
const passed = counts?.numPassedTests ?? 0;
const failed = (counts?.numTotalTests ?? 0) - passed;
tellCounts({ passed, failed: failed === 0 && status !== 0 ? 1 : failed });
