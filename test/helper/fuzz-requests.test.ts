import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBody } from '../../shared/capture-protocol/encode-request.ts';
import { createRandom } from './support/create-random.ts';
import { type FakeTree, makeFakeTree } from './support/make-fake-tree.ts';
import { binaries, type HelperEnd, startHelper } from './support/start-helper.ts';

let tree: FakeTree;
beforeAll(() => {
  tree = makeFakeTree();
});
afterAll(() => tree.remove());

test('1,200,000 hostile frames in one process: no fault, and nothing accepted that must not be', () => {
  const { stdout, stderr, status } = spawnSync(join(binaries, 'fuzz-requests'), ['1200000', '7'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const counts = JSON.parse(stdout);
  expect(counts.frames).toBe(1_200_000);
  expect(counts.accepted).toBeGreaterThan(200_000);
  expect(counts.refused).toBeGreaterThan(200_000);
  expect(counts.broken).toBeGreaterThan(50_000);
}, 300_000);

const alphabet = 'abcXYZ019_-';
const spoilt = ['"', '||', '/', '..', '\n', '\0', ' ', '*', '\u00ff', "'", '\\'];

/** A stream of frames that is nearly what a caller would send. */
function makeStream(random: (below: number) => number): Buffer {
  const name = () => {
    const letters = Array.from({ length: random(30) === 0 ? random(70) : 1 + random(14) }, () => {
      return alphabet[random(alphabet.length)];
    });
    if (random(25) === 0) letters.splice(random(letters.length + 1), 0, spoilt[random(spoilt.length)]);
    return letters.join('');
  };
  const looks = random(8) === 0;
  const start = Buffer.from(
    startBody({
      events: (['load', 'free', 'get', 'put', 'request'] as const).filter(() => random(4) > 0),
      bufferKiB: random(6) === 0 ? random(200_000) : 64 + random(65_472),
      stackTraces: random(3) === 0,
      modules: {
        which: random(3) === 0 ? 'except' : 'only',
        names: Array.from({ length: random(10) === 0 ? random(270) : random(6) }, name),
      },
    }),
  );
  const body = looks ? Buffer.from([random(3), 0, 0]).subarray(0, random(6) === 0 ? random(4) : 1) : start;
  const verb = looks ? 'N' : ['S', 'S', 'S', 'S', 'S', 'S', 'S', 'F', 'Q', 'X'][random(10)]!;
  const head = Buffer.from(`${verb}\0\0\0`, 'latin1');
  const length = random(20) === 0 ? random(70_000) : body.length;
  head.writeUInt16BE(length & 0xffff, 2);
  const after = [
    Buffer.alloc(0),
    Buffer.from('Q\0\0\0'),
    Buffer.from('C\0\0\0Q\0\0\0'),
    Buffer.from('N\0\0\x01\0'),
    Buffer.from('zz'),
  ][random(5)]!;
  const stream = Buffer.concat([head, body, after]);
  for (let flips = random(6) === 0 ? 1 + random(6) : 0; flips > 0; flips--) {
    const at = random(stream.length);
    stream[at] = stream[at]! ^ (1 << random(8));
  }
  return random(12) === 0 ? stream.subarray(0, random(stream.length)) : stream;
}

async function run(stream: Buffer): Promise<HelperEnd> {
  const helper = startHelper(tree.path);
  helper.process.stdin.end(stream);
  return await helper.ended();
}

const term = '[A-Za-z0-9_]{1,55}"';
const filter = new RegExp(`^(?:name=="${term}(?:\\|\\|name=="${term})*|name!="${term}(?:&&name!="${term})*)?$`);
/** What the helper may leave in a file of its instance, by the file's path. */
const allowed: readonly [path: RegExp, text: RegExp][] = [
  [/^buffer_size_kb$/, /^(?:6[4-9]|[7-9]\d|[1-9]\d{2,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-6])$/],
  [/^trace_clock$/, /^mono$/],
  [/^tracing_on$/, /^[01]\n$/],
  [/^options\/overwrite$/, /^1$/],
  [/^options\/latency-format$/, /^0$/],
  [/^options\/record-tgid$/, /^1$/],
  [/^events\/module\/module_(?:load|free|get|put|request)\/enable$/, /^[01]?$/],
  [/^events\/module\/module_(?:get|put)\/filter$/, filter],
  [/^events\/module\/module_(?:get|put)\/trigger$/, /^(?:stacktrace(?: if .*)?)?$/],
];

test('2,000 hostile streams through the whole helper: it ends well, and only checked values reach the kernel', async () => {
  const random = createRandom(20_260_101);
  const untouched = tree.rest();
  let recorded = 0;
  let looked = 0;
  for (let done = 0; done < 2_000; done += 4) {
    const ends = await Promise.all(Array.from({ length: 4 }, () => run(makeStream(random))));
    for (const { status, frames, stderr, failure } of ends) {
      expect({ stderr, failure }).toEqual({ stderr: '', failure: undefined });
      expect([0, 1]).toContain(status);
      const bye = frames.at(-1);
      expect(bye?.kind).toBe('bye');
      if (frames[0]?.kind === 'hello') recorded++;
      if (frames.some(({ kind }) => kind === 'snapshot-end')) looked++;
    }
  }
  expect(recorded).toBeGreaterThan(300);
  expect(looked).toBeGreaterThan(50);
  expect(tree.instances()).toEqual([]);
  expect(tree.rest()).toEqual(untouched);

  const audit = tree.audit();
  let checked = 0;
  for (const [file, text] of audit) {
    const path = file.slice(file.indexOf('/') + 1);
    const rule = allowed.find(([pattern]) => pattern.test(path));
    const original = untouched.get(`template/${path}`);
    if (rule === undefined) expect(text, file).toBe(original);
    else expect(text, file).toMatch(rule[1]);
    if (path.endsWith('trigger') && text !== '' && text !== 'stacktrace') {
      expect(text.replace('stacktrace if ', '')).toBe(audit.get(file.replace('trigger', 'filter')));
    }
    checked++;
  }
  expect(checked).toBeGreaterThan(recorded * 20);
}, 300_000);
