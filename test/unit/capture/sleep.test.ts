import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createCaptureSession } from '../../../electron/host/capture/create-capture-session.ts';
import { measureSleep } from '../../../electron/host/capture/measure-sleep.ts';
import { createSpoolFolder } from '../../../electron/host/capture/spool-folder.ts';
import type { Problem } from '../../../shared/problem.ts';
import { everything, type Step, scriptedCommand } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A machine whose clocks go as a suspend and whoever sets the time have them go. */
function createMachine() {
  let monotonic = 1000;
  let asleep = 0;
  return {
    run: (seconds: number) => {
      monotonic += seconds;
    },
    sleep: (seconds: number) => {
      asleep += seconds;
    },
    clocks: {
      monotonic: () => monotonic,
      // As /proc/uptime prints it.
      sinceBoot: () => Math.floor((monotonic + asleep) * 100) / 100,
    },
  };
}

test('only a suspend is sleep: not time that passes, and not the coarseness of the clock', () => {
  const machine = createMachine();
  machine.sleep(5000);
  const slept = measureSleep(machine.clocks);
  for (let at = 0; at < 1000; at++) {
    machine.run(0.0137);
    expect(slept()).toBeLessThan(0.011);
  }
  machine.sleep(0.5);
  expect(slept()).toBeCloseTo(0.5, 1);
  machine.run(1e7);
  machine.sleep(3600);
  expect(slept()).toBeCloseTo(3600.5, 1);
});

test('on this machine, which is awake, the two clocks go alike', async () => {
  const slept = measureSleep();
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  // The two are not read in one moment, and whoever reads them may have to wait for a CPU in between.
  expect(slept()).toBeLessThan(1);
});

const steps: readonly Step[] = [{ hello: {} }, { until: 'stop' }, { bye: ['stop', 'removed'] }];

/** A recording that sleeps for so long right before its end; what is told of it, and what of that stands in the file. */
async function recordAsleep(before: number, during: number) {
  let seconds = before;
  const created = await createCaptureSession({
    request: everything,
    command: scriptedCommand(steps),
    spools: createSpoolFolder(await temporaryFolder()),
    slept: () => seconds,
  });
  if (!created.ok) throw new Error(created.problem.why);
  const { session } = created;
  const notices: Problem[] = [];
  session.onNotice((notice) => notices.push(notice));
  await session.started;
  seconds += during;
  const { path } = await session.stop();
  const lines = (await readFile(path!, 'latin1')).split('\n');
  return { notices: notices.map(({ what }) => what), lines: lines.filter((line) => /slept|asleep/.test(line)) };
}

test('a suspend right before the end is told, and stands in the recording', async () => {
  expect(await recordAsleep(0, 7.3)).toEqual({
    notices: ['The machine slept for 7 s.'],
    lines: ['# the machine slept for 7.3 s until here', '# asleep meanwhile: 7.3 s'],
  });
});

test('a machine that slept while somebody was asked for a password did not sleep while it was recorded', async () => {
  expect(await recordAsleep(3600, 0)).toEqual({ notices: [], lines: [] });
});

test('what is no longer than a clock may be wrong by is no suspend', async () => {
  expect(await recordAsleep(0, 0.9)).toEqual({ notices: [], lines: [] });
});
