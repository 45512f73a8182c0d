import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import { createTicketBook } from '../../../electron/host/create-ticket-book.ts';
import { openTraces } from '../../../electron/host/open-traces.ts';
import { createSnapshotWatches, snapshotHandlers } from '../../../electron/host/snapshot/snapshot-handlers.ts';
import { maxChunkBytes } from '../../../electron/host/stream-trace.ts';
import type { SnapshotWay } from '../../../shared/ipc/snapshot-contract.ts';
import { readSnapshot } from '../../../shared/snapshot/create-snapshot-reader.ts';
import { editSnapshot, type RawFact } from '../../support/edit-snapshot.ts';
import { appRoot } from '../../support/project-paths.ts';
import { readSnapshotBytes } from '../../support/read-snapshot-fixture.ts';
import { type Step, scriptedCommand } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** One window of a host whose helpers do as they are told; what they were started as is noted. */
async function open(stepsOf: (way: SnapshotWay, look: string) => readonly Step[]) {
  const look = join(await temporaryFolder(), 'look.frames');
  await writeFile(
    look,
    editSnapshot(readSnapshotBytes('graphical-session'), (fact) => fact),
  );
  const started: SnapshotWay[] = [];
  const lookCommand = (way: SnapshotWay) => {
    started.push(way);
    return scriptedCommand(stepsOf(way, look), way === 'root' ? 'pkexec' : 'root');
  };
  const watches = createSnapshotWatches({ system: lookAtThisSystem(), called: 'modshark', lookCommand }, appRoot);
  onTestFinished(() => {
    watches.release('root');
    watches.release('user');
  });
  const sent = new Map<number, { readonly chunks: Uint8Array[]; readonly done: Promise<void> }>();
  const endings = new Map<number, () => void>();
  const arrivalOf = (trace: number) => {
    const known = sent.get(trace);
    if (known !== undefined) return known;
    const done = new Promise<void>((resolve) => endings.set(trace, resolve));
    const arrival = { chunks: [] as Uint8Array[], done };
    sent.set(trace, arrival);
    return arrival;
  };
  const traces = openTraces({
    tickets: createTicketBook(),
    remember: async () => {},
    emit: (_name, payload, ...[bytes]) => {
      const { trace, sequence, last } = payload as { trace: number; sequence: number; last: boolean };
      const arrival = arrivalOf(trace);
      if (last) endings.get(trace)?.();
      else arrival.chunks.push(bytes as unknown as Uint8Array);
      queueMicrotask(() => traces.acknowledge(trace, sequence));
    },
  });
  const handlers = snapshotHandlers(watches, traces);
  const take = async (way: SnapshotWay) => {
    const outcome = await handlers['snapshot.take']({ way });
    if (!outcome.ok) return outcome;
    const arrival = arrivalOf(outcome.trace);
    await arrival.done;
    return { ...outcome, chunks: arrival.chunks };
  };
  return { look, started, take, release: () => handlers['snapshot.release'](null) };
}

const answering = (_way: SnapshotWay, look: string): readonly Step[] => [{ looks: look }];

describe('looks that a window asks for', () => {
  test('come as the helper’s bytes, and one helper of each way stays for the next', async () => {
    const { take, started } = await open(answering);
    for (const way of ['user', 'root', 'root', 'user'] as const) {
      const taken = await take(way);
      if (!('chunks' in taken)) throw new Error(taken.problem.why);
      const read = readSnapshot(taken.chunks);
      expect(read.ok && read.snapshot.modules.map(({ name }) => name)).toContain('vkms');
    }
    expect(started).toEqual(['user', 'root']);
  });

  test('asked for at the same time follow one another', async () => {
    const { take, started } = await open(answering);
    const all = await Promise.all([take('user'), take('user'), take('user')]);
    expect(all.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(started).toEqual(['user']);
  });

  test('no piece is larger than a frame of the contract may be', async () => {
    const { look, take } = await open(answering);
    const more = (fact: RawFact) => (fact.name === '/proc/crypto' ? { ...fact, text: 'x'.repeat(3_500_000) } : fact);
    await writeFile(look, editSnapshot(readSnapshotBytes('graphical-session'), more));
    const taken = await take('user');
    if (!('chunks' in taken)) throw new Error(taken.problem.why);
    expect(taken.chunks.every(({ length }) => length <= maxChunkBytes)).toBe(true);
    expect(taken.chunks.reduce((sum, { length }) => sum + length, 0)).toBe(taken.bytes);
    expect(taken.bytes).toBeGreaterThan(3_500_000);
  });

  test('a question that was dismissed is asked again the next time', async () => {
    const { take, started } = await open((way, look) =>
      way === 'user'
        ? [{ looks: look }]
        : [{ stderr: 'Error executing command as another user: Request dismissed\n' }, { exit: 126 }],
    );
    expect(await take('root')).toMatchObject({ ok: false, end: 'dismissed' });
    expect(await take('root')).toMatchObject({ ok: false, end: 'dismissed' });
    expect(started).toEqual(['root', 'root']);
    expect(await take('user')).toMatchObject({ ok: true });
  });

  test('rights that were given up are asked for again', async () => {
    const { take, release, started } = await open(answering);
    await take('root');
    await release();
    await take('root');
    expect(started).toEqual(['root', 'root']);
  });
});
