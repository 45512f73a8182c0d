import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeReadTracefs } from '../../shared/capture-protocol/encode-request.ts';
import { makeFakeTree } from './support/make-fake-tree.ts';
import { isKind, startHelper } from './support/start-helper.ts';

test('TRACEFS tells what there is to see, and writes nothing', async () => {
  const tree = makeFakeTree();
  onTestFinished(() => tree.remove());
  const before = tree.rest();
  mkdirSync(join(tree.path, 'instances/trace-cmd'));
  writeFileSync(join(tree.path, 'instances/trace-cmd/set_event'), 'sched:sched_switch\n');
  writeFileSync(join(tree.path, 'set_event'), 'x'.repeat(20_000));
  const helper = startHelper(tree.path);
  helper.process.stdin.write(encodeReadTracefs());
  const { frames, status } = await helper.ended();
  const facts = new Map(frames.filter(isKind('fact')).map((fact) => [fact.name, fact]));
  expect(facts.get('place')?.text).toBe(tree.path);
  expect(facts.get('kernel')?.text).toBe(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
  expect(facts.get('current_tracer')).toMatchObject({ error: 0, text: 'nop\n' });
  expect(facts.get('set_event')?.text).toBe('x'.repeat(20_000));
  expect(facts.get('instances/trace-cmd/set_event')?.text).toBe('sched:sched_switch\n');
  expect(facts.get('instances/trace-cmd/tracing_on')).toMatchObject({ error: 2, text: '' });
  expect(frames.at(-1)).toEqual({ kind: 'bye', reason: 'done', instance: 'none' });
  expect(status).toBe(0);
  expect(tree.rest()).toEqual(new Map([...before, ['set_event', 'x'.repeat(20_000)]]));
});
