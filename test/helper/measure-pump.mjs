import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileHelper } from '../../build/build-helper.mjs';

/**
 * `node test/helper/measure-pump.mjs`, as root: how many events a second the pump carries on this machine's own tracefs,
 * and what it loses, beside a plain reader. Measures; judges nothing.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = compileHelper({
  output: join(root, 'out/test-helper/storm-pump'),
  without: ['capture-helper.c'],
  with: [join(root, 'test/helper/c/storm-pump.c')],
});

console.log('reader  rate wanted  seconds  events made  kept        lost        MB      CPU of reader  its memory');
for (const rate of [10_000, 100_000, 400_000, 0]) {
  for (const reader of ['pump', 'cat']) {
    const seconds = 5;
    const { bytes, read, lost, cpuMs, maxKiB } = await run(reader, rate, seconds);
    const columns = [reader.padEnd(6), String(rate || 'any').padStart(12), String(seconds).padStart(8)];
    columns.push(String(read + lost).padStart(12), String(read).padEnd(11), String(lost).padEnd(11));
    columns.push(
      (bytes / 1e6).toFixed(0).padEnd(7),
      `${cpuMs} ms (${Math.round(cpuMs / seconds / 10)} %)`.padEnd(14),
      `${maxKiB} KiB`,
    );
    console.log(columns.join(' '));
  }
}

function run(reader, rate, seconds) {
  const child = spawn(program, [reader, String(rate), String(seconds)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let bytes = 0;
  let told = '';
  child.stdout.on('data', (chunk) => {
    bytes += chunk.length;
  });
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (status) => {
      if (status === 0) resolve({ bytes, ...JSON.parse(told) });
      else reject(new Error(told));
    });
  });
}
