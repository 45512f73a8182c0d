import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CaptureRequest } from '../../shared/capture-protocol/capture-request.ts';
import { encodeStart } from '../../shared/capture-protocol/encode-request.ts';
import { defaultCaptureRequest } from '../../shared/ipc/capture-contract.ts';
import { type FakeTree, makeFakeTree } from './support/make-fake-tree.ts';
import { binaries, isKind, startHelper } from './support/start-helper.ts';

let tree: FakeTree;
beforeEach(() => {
  tree = makeFakeTree();
});
afterEach(() => tree.remove());

/** A start that the kernel does not go along with. */
async function refusedBy(prepare: () => void, request: Partial<CaptureRequest> = {}, env = {}) {
  prepare();
  const helper = startHelper(tree.path, { env });
  const start = encodeStart({ ...defaultCaptureRequest, ...request });
  helper.process.stdin.write(start.ok ? start.frame : '');
  const { frames } = await helper.ended();
  expect(tree.instances()).toEqual([]);
  expect(frames.some(isKind('hello'))).toBe(false);
  return [frames.find(isKind('refusal'))?.code, frames.at(-1)];
}

const replaced = (file: string, target: string) => () => {
  rmSync(tree.template(file), { recursive: true });
  symlinkSync(target, tree.template(file));
};
const missing = (file: string) => () => rmSync(tree.template(file), { recursive: true });
const vkms = { modules: { which: 'only', names: ['vkms'] } } as const;
const unwilling: [what: string, code: string, prepare: () => void, request?: Partial<CaptureRequest>][] = [
  ['that swallows the filter', 'filter-refused', replaced('events/module/module_put/filter', '/dev/null'), vkms],
  ['without a filter', 'filter-refused', missing('events/module/module_get/filter'), vkms],
  ['without stack traces', 'trigger-refused', missing('events/module/module_get/trigger'), { stackTraces: true }],
  [
    'that swallows a trigger',
    'trigger-refused',
    replaced('events/module/module_get/trigger', '/dev/null'),
    { stackTraces: true },
  ],
  ['that enables nothing', 'events-refused', replaced('events/module/module_free/enable', '/dev/null')],
  ['without memory', 'buffer-refused', replaced('buffer_size_kb', '/dev/full')],
  ['without a trace_pipe', 'pipe-failed', missing('trace_pipe')],
  ['without counters', 'stats-failed', missing('per_cpu')],
];

test.each(unwilling)(
  'a kernel %s is refused as %s, and the instance is gone',
  async (_what, code, prepare, request) => {
    expect(await refusedBy(prepare, request)).toEqual([code, { kind: 'bye', reason: 'failed', instance: 'removed' }]);
  },
);

test('no module events, no tracefs, and no room for instances are told apart', async () => {
  const none = { kind: 'bye', reason: 'failed', instance: 'none' };
  expect(await refusedBy(() => undefined, {}, { WRONG_FILESYSTEM: '1' })).toEqual(['no-tracefs', none]);
  expect(await refusedBy(() => rmSync(join(tree.path, 'events'), { recursive: true }))).toEqual([
    'no-module-events',
    none,
  ]);
  mkdirSync(join(tree.path, 'events/module'), { recursive: true });
  expect(await refusedBy(missing('events'))).toEqual([
    'no-module-events',
    { kind: 'bye', reason: 'failed', instance: 'removed' },
  ]);
  rmSync(join(tree.path, 'template'), { recursive: true });
  expect(await refusedBy(() => undefined)).toEqual(['instance-failed', none]);
});

test('a file that may not grow any further ends it, and tracefs is clean', async () => {
  const start = encodeStart(defaultCaptureRequest);
  if (!start.ok) throw new Error(start.problem.why);
  const file = join(tree.path, 'stdout');
  // It is as long as it may be: not even the hello fits. The limit is of whoever starts the helper.
  writeFileSync(file, 'x'.repeat(1024));
  const script = 'ulimit -f 1; exec "$0" >> "$1"';
  const child = spawn('sh', ['-c', script, join(binaries, 'fake-helper'), file], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { FAKE_TRACEFS: tree.path, PATH: process.env['PATH'] },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write(start.frame);
  expect(await new Promise((resolve) => child.on('exit', (status, signal) => resolve(signal ?? status)))).toBe(0);
  expect(tree.instances()).toEqual([]);
});
