import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSnapshot } from '../../shared/capture-protocol/encode-request.ts';
import { readSnapshot } from '../../shared/snapshot/create-snapshot-reader.ts';
import type { SnapshotBenchResult } from './bench-result.ts';
import { isInstalled } from './is-installed.ts';

const RUNS = 5;
const PROCESSES = 300;
const FILES_EACH = 17;

/** Takes snapshots of this machine with a crowd of processes more, beside `lsof -n`, which answers a part of the question. */
export async function timeSnapshot(helper: string): Promise<SnapshotBenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'modshark-crowd-'));
  const request = join(folder, 'request');
  writeFileSync(request, encodeSnapshot({ tools: true }));
  const crowd = await gather(folder);
  try {
    const bytes = spawnSync(helper, [], { input: encodeSnapshot({ tools: true }), maxBuffer: 1 << 28 }).stdout;
    const reading = Array.from({ length: RUNS }, () => {
      const began = performance.now();
      const outcome = readSnapshot([bytes]);
      if (!outcome.ok) throw new Error(outcome.problem.why);
      return performance.now() - began;
    });
    return {
      processes: PROCESSES,
      files: PROCESSES * FILES_EACH,
      helperCpuMs: cpuMs(`${helper} < ${request}`),
      lsofCpuMs: isInstalled('lsof') ? cpuMs('lsof -n') : undefined,
      readingMs: Math.min(...reading),
      bytes: bytes.length,
    };
  } finally {
    for (const child of crowd) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

/** Processes that do nothing and have files open. */
async function gather(folder: string): Promise<ChildProcess[]> {
  const files = Array.from({ length: FILES_EACH }, (_, i) => openSync(join(folder, `file-${i}`), 'w'));
  const crowd = Array.from({ length: PROCESSES }, () => spawn('sleep', ['600'], { stdio: files }));
  await Promise.all(crowd.map((child) => new Promise((resolve) => child.on('spawn', resolve))));
  for (const file of files) closeSync(file);
  return crowd;
}

/** Processor time of a command and its children, the least of some runs: the clock on the wall also counts others. */
function cpuMs(command: string): number {
  const once = () => {
    const script = `TIMEFORMAT='%U %S'; time ${command} > /dev/null 2> /dev/null`;
    const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    const [user, system] = stderr.trim().split(' ').map(Number);
    return (user! + system!) * 1000;
  };
  return Math.min(...Array.from({ length: RUNS }, once));
}
