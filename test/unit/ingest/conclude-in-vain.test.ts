import { expect, test, vi } from 'vitest';
import { createEngine } from '../../../renderer/ingest/engine.ts';
import { EVERYTHING } from '../../../shared/view-model/selection.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';

vi.mock('../../../renderer/ingest/take-turns.ts', async (original) => ({
  ...(await original<object>()),
  takeTurns: () => Promise.reject(new RangeError('Array buffer allocation failed')),
}));

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
});
