import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tellCounts } from '../support/counts.mjs';
import { bootGuest } from './boot-guest.mjs';
import { buildImage } from './build-image.mjs';
import { fetchKernel } from './fetch-kernel.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';

/**
 * `npm run test:kernel [-- [--kernel VERSION] PART…]`: boots Debian's kernel and plays the scenarios of guest/scenarios
 * in it, with the real helper; PART picks those with it in their name. The last line is the count.
 */
const { positionals: only, values } = parseArgs({ allowPositionals: true, options: { kernel: { type: 'string' } } });
const started = performance.now();

const missing = ensurePrerequisites();
if (missing !== undefined) throw new Error(missing);
const kernel = fetchKernel(values.kernel);
const { initramfs, share } = await buildImage(kernel);
const rows = [];
for (const lockdown of [false, true]) {
  rows.push(...(await play(lockdown)));
}
printTable(rows);
const judged = rows.filter((row) => !row.told);
const failed = judged.filter((row) => !row.ok).length;
tellCounts({ passed: judged.length - failed, failed });

async function play(lockdown) {
  const results = join(kernel.folder, 'work', lockdown ? 'results-locked-down' : 'results');
  writeFileSync(join(share, 'plan.json'), JSON.stringify({ lockdown, only: lockdown ? [] : only }));
  if (lockdown && only.length > 0 && !only.includes('locked-down')) return [];
  const booted = performance.now();
  const ended = await bootGuest({
    vmlinux: kernel.vmlinux,
    initramfs,
    share,
    results,
    append: lockdown ? ['lockdown=confidentiality'] : [],
    seconds: 2400, // a machine that does much else emulates slowly
    onLine: (line) => {
      if (/^row FAIL|Oops|BUG:|Kernel panic/.test(line)) console.log(line);
    },
  });
  console.log(
    `${kernel.release}${lockdown ? ', locked down' : ''}: ${((performance.now() - booted) / 1000).toFixed(1)} s`,
  );
  const file = join(results, 'results.jsonl');
  const found = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const end = { scenario: 'the guest', step: 'starts, plays and switches itself off', ok: ended && found.length > 0 };
  return [...found, { ...end, seen: end.ok ? 'yes' : `see ${join(results, 'console.log')}` }];
}

function printTable(all) {
  let scenario;
  for (const row of all) {
    if (row.scenario !== scenario) console.log(`\n${row.scenario}`);
    scenario = row.scenario;
    const mark = row.told ? '·' : row.ok ? '✓' : '✗';
    console.log(`  ${mark} ${row.step}: ${row.seen}`);
  }
  console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s in all`);
}
