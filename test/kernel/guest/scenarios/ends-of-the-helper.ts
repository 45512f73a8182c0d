import { existsSync, readFileSync } from 'node:fs';
import { encodeStop } from '../../../../shared/capture-protocol/encode-request.ts';
import { type Capture, startCapture } from '../capture.ts';
import { eventually, instanceNames, modprobe, must } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check, tell } from '../report.ts';

/** Ends a recording in some way, during which testmod is used, and looks at what is left. */
async function endBy(reason: string, act: (capture: Capture) => void): Promise<void> {
  modprobe('testmod');
  const capture = await startCapture();
  const reader = await startPuppet('reader');
  await reader.do('open-close /dev/testmod 100');
  act(capture);
  const { bye, failure } = await capture.ended();
  check('it says why', { bye, failure }, { bye: { kind: 'bye', reason, instance: 'removed' }, failure: undefined });
  check('tracefs is clean', instanceNames(), []);
  const told = capture.frames.filter((frame) => frame.kind === 'modules');
  check('the modules at the end are told', told.length, 2);
  const addresses = told.flatMap(({ text }) => text.match(/ 0x[0-9a-f]+/g) ?? []);
  check(
    'and none of their addresses',
    [addresses.length > 0, addresses.filter((address) => !/^ 0x0+$/.test(address))],
    [true, []],
  );
  await reader.kill();
  must('/sbin/rmmod', 'testmod');
}

/** However it ends, tracefs is as it was. */
export const endsOfTheHelper = {
  'ends: stdin is closed': () => endBy('stdin-closed', (capture) => capture.process.stdin.end()),
  'ends: STOP': () => endBy('stop', (capture) => capture.process.stdin.write(encodeStop())),
  'ends: SIGTERM': () => endBy('signal', (capture) => process.kill(capture.process.pid!, 'SIGTERM')),
  'ends: SIGKILL of the pump': () => endBy('pump-killed', (capture) => process.kill(capture.pump, 'SIGKILL')),

  'ends: everything up to STOP is told': async () => {
    modprobe('testmod');
    const capture = await startCapture();
    const reader = await startPuppet('reader');
    await reader.do('open-close /dev/testmod 5000');
    capture.process.stdin.write(encodeStop());
    await capture.ended();
    const lines = [...capture.text().matchAll(/: module_(?:get|put): testmod /g)].length;
    check('10,000 events', lines, 10_000);
    check('none is left in the buffer', capture.tally()?.waiting, 0);
    await reader.kill();
    must('/sbin/rmmod', 'testmod');
  },

  'ends: nobody reads any more': async () => {
    const capture = await startCapture();
    capture.process.stdout.destroy();
    await new Promise((resolve) => capture.process.on('exit', resolve));
    check('tracefs is clean', instanceNames(), []);
  },

  'ends: SIGKILL of the janitor': async () => {
    const capture = await startCapture();
    process.kill(capture.process.pid!, 'SIGKILL');
    const { failure } = await capture.ended();
    check('the stream ends without a bye', failure, 'It ended without saying why.');
    await eventually('the pump is gone', () => !isRunning(capture.pump));
    check('the pump does not outlive it', isRunning(capture.pump), false);
    check('the instance is left', instanceNames(), [capture.hello.instance]);
    const next = await startCapture();
    check(
      'the next start sweeps it',
      { swept: next.hello.swept, left: instanceNames() },
      { swept: 1, left: [next.hello.instance] },
    );
    await next.stop();
    check('tracefs is clean', instanceNames(), []);
  },

  'ends: the memory of the kernel’s buffer is given back': async () => {
    const cpus = Number(readFileSync('/sys/devices/system/cpu/online', 'latin1').trim().split('-').at(-1)) + 1;
    const sizes = [4096, 16_384, 65_536];
    for (const bufferKiB of sizes) {
      const before = freeKiB();
      const began = performance.now();
      const capture = await startCapture({ bufferKiB });
      const milliseconds = Math.round(performance.now() - began);
      const taken = before - freeKiB();
      tell(
        `${bufferKiB / 1024} MiB for each of ${cpus} CPUs`,
        `recording after ${milliseconds} ms, ${mib(taken)} less free`,
      );
      const missing = () => before - freeKiB();
      // What other programs take and give back meanwhile is as much as a small buffer.
      if (bufferKiB === sizes.at(-1)) {
        check('the kernel takes all of it at the start', taken > 0.8 * cpus * bufferKiB, true);
        await capture.stop();
        await eventually('it is given back', () => missing() < 0.3 * cpus * bufferKiB);
      } else {
        await capture.stop();
      }
      tell('less free when it has ended', mib(missing()));
    }
  },

  'the pump is no root': async () => {
    const capture = await startCapture({}, { SUDO_UID: '1000' });
    const status = readFileSync(`/proc/${capture.pump}/status`, 'latin1');
    const line = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1]?.trim();
    check('its uids are the caller’s', line('Uid'), '1000\t1000\t1000\t1000');
    check('its gids are nobody’s', line('Gid'), '65534\t65534\t65534\t65534');
    check('it is in no group', line('Groups'), '');
    check('it has no capability', [line('CapPrm'), line('CapEff')], ['0'.repeat(16), '0'.repeat(16)]);
    check('it can get no new rights', line('NoNewPrivs'), '1');
    await capture.stop();
    const byRoot = await startCapture({}, { SUDO_UID: '0' });
    const uid = /^Uid:\s*(\d+)/m.exec(readFileSync(`/proc/${byRoot.pump}/status`, 'latin1'))?.[1];
    check('when root asks, it is nobody', uid, '65534');
    await byRoot.stop();
  },
};

const freeKiB = () => Number(/^MemFree: *(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))![1]);

const mib = (kib: number) => `${(kib / 1024).toFixed(1)} MiB`;

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
}
