import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CaptureRequest, captureEvents, captureLimits } from '../../shared/capture-protocol/capture-request.ts';
import { checkCaptureRequest } from '../../shared/capture-protocol/check-capture-request.ts';
import { encodeStart, startBody } from '../../shared/capture-protocol/encode-request.ts';
import { explainRefusal, refusalCodes } from '../../shared/capture-protocol/explain-refusal.ts';
import { binaries } from './support/start-helper.ts';

const helperSource = new URL('../../electron/helper/', import.meta.url);

/** What the helper's own validation says of each body, a line each. */
function judge(bodies: readonly Uint8Array[]): string[] {
  const input = Buffer.concat(
    bodies.flatMap((body) => [Buffer.from([0, 0, body.length >> 8, body.length & 0xff]), body]),
  );
  const { stdout, stderr, status } = spawnSync(join(binaries, 'judge-requests'), { input, maxBuffer: 1 << 28 });
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

/** What it should say, from the request alone. */
function expectedVerdict(request: CaptureRequest): string {
  const refusal = checkCaptureRequest(request);
  if (refusal !== undefined) return refusal;
  const { events, stackTraces, bufferKiB, modules } = request;
  const mask = captureEvents.reduce((sum, event, bit) => sum + (events.includes(event) ? 1 << bit : 0), 0);
  const [comparison, joint] = modules.which === 'except' ? ['!=', '&&'] : ['==', '||'];
  const filter = modules.names.map((name) => `name${comparison}"${name.replaceAll('-', '_')}"`).join(joint);
  return `events=${mask} stacks=${stackTraces ? 1 : 0} buffer=${bufferKiB} filter=${filter}`;
}

const moduleName = fc.oneof(
  { weight: 20, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/) },
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{50,57}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 60 }) },
);
const request: fc.Arbitrary<CaptureRequest> = fc.record({
  events: fc.uniqueArray(fc.constantFrom(...captureEvents)),
  bufferKiB: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 64, max: 65_536 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 63, 64, 65_536, 65_537, 2 ** 31, 2 ** 32 - 1) },
  ),
  stackTraces: fc.boolean(),
  modules: fc.record({
    which: fc.constantFrom('only', 'except'),
    names: fc.oneof(
      { weight: 8, arbitrary: fc.array(moduleName, { maxLength: 6 }) },
      { weight: 1, arbitrary: fc.array(moduleName, { maxLength: 300, size: 'max' }) },
      { weight: 1, arbitrary: fc.array(fc.stringMatching(/^[a-z]{8,20}$/), { maxLength: 256, size: 'max' }) },
    ),
  }),
});

test('the TypeScript that asks and the C that is asked agree on 20,000 requests, good and bad', () => {
  const requests = fc.sample(request, { numRuns: 20_000, seed: 4 });
  const verdicts = judge(requests.map(startBody));
  expect(verdicts).toEqual(requests.map(expectedVerdict));
  const refused = verdicts.filter((verdict) => !verdict.startsWith('events='));
  expect(refused.length).toBeGreaterThan(2_000);
  expect(verdicts.length - refused.length).toBeGreaterThan(2_000);
  expect(new Set(refused)).toEqual(
    new Set(['bad-events', 'bad-flags', 'bad-buffer', 'too-many-names', 'bad-name', 'filter-too-long']),
  );
});

test('what is good is packed, what is not comes back as a problem', () => {
  const good: CaptureRequest = {
    events: ['get', 'put'],
    bufferKiB: 1408,
    stackTraces: true,
    modules: { which: 'only', names: ['snd-hda-intel'] },
  };
  const packed = encodeStart(good);
  expect(packed.ok && judge([packed.frame.subarray(4)])).toEqual([
    'events=12 stacks=1 buffer=1408 filter=name=="snd_hda_intel"',
  ]);
  const refused = encodeStart({ ...good, modules: { which: 'only', names: ['a"b'] } });
  expect(refused).toMatchObject({ ok: false, problem: { why: 'A name is not that of a module.' } });
  expect(encodeStart({ ...good, bufferKiB: Number.NaN })).toMatchObject({ ok: false });
  expect(encodeStart({ ...good, bufferKiB: 100.5 })).toMatchObject({ ok: false });
});

test('the limits are the same numbers on both sides', () => {
  const header = readFileSync(new URL('helper.h', helperSource), 'utf8');
  expect(header).toContain(
    `NAME_MAX_LENGTH = ${captureLimits.nameLength}, NAME_MAX_COUNT = ${captureLimits.nameCount}`,
  );
  expect(header).toContain(`BUFFER_MIN_KIB = ${captureLimits.bufferKiB.min}, BUFFER_MAX_KIB = 64 * 1024`);
  expect(header).toContain(`FILTER_MAX_LENGTH = ${captureLimits.filterLength}`);
});

test('every code that the helper can say is explained, and no other', () => {
  const source = readFileSync(new URL('refusals.c', helperSource), 'utf8');
  const codes = [...source.matchAll(/= \{"([a-z-]+)"/g)].map((match) => match[1]!);
  expect(codes.length).toBeGreaterThan(20);
  expect([...refusalCodes].sort()).toEqual(codes.sort());
  for (const code of codes) expect(explainRefusal(code, 'said').why).toMatch(/\. It said: said$/);
  expect(explainRefusal('constructor').why).toContain('does not know');
});
