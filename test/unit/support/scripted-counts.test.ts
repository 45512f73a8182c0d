import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureBytes, readBytes } from '../../support/read-fixture.ts';
import { scriptedSession } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a script that tells no counts of its own has the events and losses counted that it sends, as the kernel counts them', async () => {
  const file = join(await temporaryFolder(), 'trace_pipe.txt');
  await writeFile(file, fixtureBytes('recordings/smp/live/trace_pipe.txt.gz'));
  const lost = 'CPU:1 [LOST 40 EVENTS]\n';
  const { session } = await scriptedSession([
    { hello: {} },
    { file },
    { trace: lost.slice(0, 9) },
    { trace: `${lost.slice(9)}CPU:0 [LOST 2 EVENTS]\n` },
    { until: 'stop' },
    { bye: ['stop', 'removed'] },
  ]);
  await session.started;
  const { progress, path } = await session.stop();
  const outcome = readBytes(await readFile(path!));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  const { length: events } = outcome.recording.table;
  expect(events).toBeGreaterThan(100);
  expect(progress).toMatchObject({ events, lost: 42, erasures: 0 });
});
