import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { planRelease } from '../../../../shared/analysis/present/plan-release.ts';
import { eventually, modprobe } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';
import { accountNow, letGo, type Played, tells } from '../why-now.ts';

const patch = '/sys/kernel/livepatch/testmod_patch';
const isSettled = () => readFileSync(`${patch}/transition`, 'latin1').trim() === '0';

/** Code that is put into running code. */
export const heldByPatches: Played = {
  'why: a live patch': async () => {
    modprobe('testmod_pause');
    await tells('loaded', { module: 'testmod_pause', holders: {} });
    modprobe('testmod_patch');
    await tells('enabled', { module: 'testmod_patch', holders: { testmod_patch: 1 } });
    await tells('what it patches', { module: 'testmod_pause', holders: {} });
    await letGo('testmod_patch');
    await letGo('testmod_pause', 'free');
  },

  'why: a live patch that a program is still in': async () => {
    modprobe('testmod_pause');
    modprobe('testmod_patch');
    await eventually('every process uses it', isSettled);
    const reader = spawn('/bin/cat', ['/proc/testmod-pause'], { stdio: 'ignore' });
    const stack = () => readFileSync(`/proc/${reader.pid}/stack`, 'latin1');
    await eventually('one sleeps in it', () => stack().includes('patched_pause'));
    writeFileSync(`${patch}/enabled`, '0');
    await tells('disabled', { module: 'testmod_patch', holders: { testmod_patch: 1 } });
    const { accounts, snapshot } = await accountNow();
    const { outcome, steps } = planRelease(accounts, snapshot, 'testmod_patch');
    check(
      'the plan says to wait, and for whom',
      { outcome, steps: steps.map(({ alternatives: [way] }) => way.title) },
      {
        outcome: 'unsure',
        steps: [
          'End what is still in the patch testmod_patch, or wait for it: grep -l 1 /proc/[0-9]*/task/*/patch_state',
        ],
      },
    );
    reader.kill();
    await tells('which has ended', { module: 'testmod_patch', holders: {} });
    for (const module of ['testmod_patch', 'testmod_pause']) await letGo(module, 'free');
  },

  'why: a probe of perf in a function': async () => {
    modprobe('testmod_pause');
    await tells('loaded', { module: 'testmod_pause', holders: {} });
    const perf = await startPuppet('perf');
    await perf.do('perf-kprobe pause_show');
    await tells('holds nothing', { module: 'testmod_pause', holders: {} });
    await letGo('testmod_pause', 'free');
    await perf.kill();
  },
};
