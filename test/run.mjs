import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from '../build/ensure-chromium.mjs';
import { ensureShells } from '../build/ensure-shells.mjs';
import { readCounts, tellCounts } from './support/counts.mjs';

/**
 * `npm test`: everything, in the order in which a failure is cheapest to find. Each step counts its tests; a step
 * without tests of its own counts as one. The last line is the sum.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
/** There, what changes the machine or fetches much is run too. */
const inCI = process.env.CI === 'true';
const reports = mkdtempSync(join(tmpdir(), 'modshark-test-'));

const results = [
  check('prerequisites', () => ensureChromium() !== undefined && ensureShells()),
  command('type check', 'node_modules/.bin/tsc', ['-b']),
  command('lint', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '.']),
  command('build', process.execPath, ['build/build.mjs']),
  suite('unit'),
  suite('fuzz'),
  suite('e2e'),
  counted('helper', 'test/helper/run.mjs'),
  ...(inCI
    ? [
        counted('polkit', 'test/polkit/run.mjs'),
        counted('kernel', 'test/kernel/run.mjs'),
        // Where it counts otherwise than the first.
        counted('kernel 6.12', 'test/kernel/run.mjs', ['--kernel', '6.12', 'vkms', 'a tun', 'swap', 'watchdog']),
      ]
    : []),
];
rmSync(reports, { recursive: true, force: true });

console.log('');
for (const { name, bad = [] } of results) {
  for (const one of bad) console.log(`failed in ${name}: ${one.trim()}`);
}
for (const { name, passed, failed, seconds } of results) {
  console.log(`${name.padEnd(14)} ${passed} passed, ${failed} failed  (${seconds} s)`);
}
if (!inCI) {
  console.log(
    'polkit         not run here: sudo npm run test:polkit sets up a user, an action and polkitd, and removes them',
  );
  console.log('kernel         not run here: npm run test:kernel boots a real one in QEMU');
}
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
tellCounts({ passed: sum('passed'), failed: sum('failed') });

function check(name, work) {
  return timed(name, () => (work() ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }));
}

function command(name, file, argv) {
  return check(name, () => run(file, argv) === 0);
}

/** Runs one project of vitest and counts by its report. What ran no test, or skipped one, has failed. */
function suite(project) {
  return timed(project, () => {
    const report = join(reports, `${project}.json`);
    const config = ['run', '--config', 'build/vitest.config.ts', '--project', project];
    const code = run('node_modules/.bin/vitest', [
      ...config,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    if (!existsSync(report)) return { passed: 0, failed: 1 };
    const {
      numPassedTests: passed,
      numFailedTests,
      numPendingTests,
      numTodoTests,
      testResults,
    } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter(({ status, assertionResults }) => {
      return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
    });
    const failed = numFailedTests + numPendingTests + numTodoTests + broken.length;
    const silent = failed === 0 && (code !== 0 || passed === 0);
    const bad = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
    );
    return { passed, failed: failed + (silent ? 1 : 0), bad: [...broken.map(({ name }) => name), ...bad] };
  });
}

/** Runs a suite that counts for itself, on its last line. */
function counted(name, script, argv = []) {
  return timed(name, () => {
    const { stdout, status, signal } = spawnSync(process.execPath, [join(root, script), ...argv], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    process.stdout.write(stdout);
    const counts = readCounts(stdout);
    if (counts === undefined || counts.passed + counts.failed === 0) {
      console.log(`${script} ended with ${signal ?? status} and without a count.`);
      return { passed: 0, failed: 1 };
    }
    const bad = stdout.split('\n').filter((line) => /^\s*[✗×] /.test(line));
    return { ...counts, failed: Math.max(counts.failed, status === 0 ? 0 : 1), bad };
  });
}

function timed(name, work) {
  console.log(`\n── ${name} ──`);
  const started = performance.now();
  const counts = work();
  return { name, ...counts, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}

function run(file, argv) {
  return spawnSync(file, argv, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status;
}
