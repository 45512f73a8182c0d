import { expect, test, vi } from 'vitest';
import { createEngine } from '../../../renderer/ingest/engine.ts';
import { EVERYTHING } from '../../../shared/view-model/selection.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';

/** Whether there is memory to account for anything. */
const memory = vi.hoisted(() => ({ isThere: false }));
vi.mock('../../../renderer/ingest/take-turns.ts', async (original) => {
  const real = await original<typeof import('../../../renderer/ingest/take-turns.ts')>();
  const takeTurns: typeof real.takeTurns = (steps) =>
    memory.isThere ? real.takeTurns(steps) : Promise.reject(new RangeError('Array buffer allocation failed'));
  return { ...real, takeTurns };
});

test('a long recording that there is no memory to account for is never written to a file as if it were empty', async () => {
  const engine = createEngine({ shownAtOnce: 10 });
  engine.push(fixtureBytes('recordings/seeds/vkms-held-by-logind.report.txt'));
  expect(await engine.finishAhead('vkms')).toMatchObject({ ok: true, summary: { events: 26 } });
  const made = engine.makeExport({ kind: 'events', form: 'csv', selection: EVERYTHING }, () => {});
  const refused = expect(made).rejects.toThrow('memory');
  expect(await engine.conclude({})).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining('too large') },
  });
  await refused;
  // There is memory again, and somebody tries once more.
  memory.isThere = true;
  expect(await engine.conclude({})).toMatchObject({ ok: true, summary: { accounted: { events: 26 } } });
  const csv = await engine.makeExport({ kind: 'events', form: 'csv', selection: EVERYTHING }, () => {});
  expect((await csv!.text()).split('\n').length).toBeGreaterThan(26);
});
