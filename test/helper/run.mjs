import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileHelper, findCompiler } from '../../build/build-helper.mjs';
import { installPackages } from '../../build/install-packages.mjs';
import { tellCounts } from '../support/counts.mjs';

/**
 * `npm run test:helper`: builds the helper with and without the sanitisers over a kernel of files, and runs the suite.
 * The last line is the count.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const output = join(root, 'out/test-helper');
const c = (name) => join(root, 'test/helper/c', name);

if (findCompiler() === undefined) {
  const command = installPackages(['gcc', 'libc6-dev']);
  if (findCompiler() === undefined) {
    throw new Error(`The helper's tests need a C compiler: ${command}`);
  }
}
const parts = { without: ['capture-helper.c', 'kernel-calls.c'], flavour: 'sanitised' };
for (const program of ['fake-helper', 'fuzz-requests', 'judge-requests']) {
  compileHelper({ ...parts, output: join(output, program), with: [c(`${program}.c`), c('fake-kernel.c')] });
}
compileHelper({ output: join(output, 'capture-helper') });
const real = { without: ['capture-helper.c'], flavour: 'sanitised' };
compileHelper({ ...real, output: join(output, 'try-kernel-calls'), with: [c('try-kernel-calls.c')] });

const report = join(output, 'report.json');
rmSync(report, { force: true });
const argv = ['run', '--config', 'test/helper/vitest.config.ts', '--reporter=default', '--reporter=json'];
const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), [...argv, `--outputFile.json=${report}`], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
const passed = counts?.numPassedTests ?? 0;
const failed = (counts?.numTotalTests ?? 0) - passed;
const broken = failed === 0 && status !== 0 ? 1 : 0;
tellCounts({ passed, failed: failed + broken });
