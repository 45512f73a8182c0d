import { chmodSync, rmSync } from 'node:fs';
import { accountForPresent } from '../../../../shared/analysis/present/account-for-present.ts';
import { startCapture } from '../capture.ts';
import { modprobe, must } from '../kernel.ts';
import { lookAround } from '../look.ts';
import { type Puppet, startPuppet } from '../puppet.ts';
import { check, tell } from '../report.ts';
import { accountNow, holdersOf, letGo, type Played, tells } from '../why-now.ts';

const newMounts = 0x00020000; // CLONE_NEWNS of sched.h
const dev = 1000;
const nodes = ['/dev/testmod'];
const testmod = (holders: Readonly<Record<string, number>>, more = {}) => ({
  module: 'testmod',
  holders,
  nodes,
  ...more,
});

const MOST_LOOKS = 6;

/** Looks while everything changes: whoever stays is told of, and nobody who was not there. */
async function lookThrough(step: string, busy: readonly Puppet[], work: (puppet: Puppet) => Promise<number>) {
  let over = false;
  const works = busy.map(async (puppet) => {
    while (!over) await work(puppet);
  });
  const names = new Set(['reader', ...busy.map(({ name }) => name)]);
  let raced = 0;
  let readings = 0;
  const wrong: unknown[] = [];
  for (let turn = 1; turn <= MOST_LOOKS; turn++) {
    const { accounts, snapshot, looks } = await accountNow(undefined, 'testmod');
    readings += looks;
    const accounting = accounts.find(({ module }) => module === 'testmod')!;
    const { refcount, explained, unexplained, cautions } = accounting;
    const told = holdersOf(accounting);
    const { reader } = told;
    const fact = snapshot.modules.find(({ name }) => name === 'testmod')!;
    const races = fact.refcount !== fact.refcountAfter;
    if (races) raced += 1;
    const right =
      reader === 1 &&
      Object.keys(told).every((name) => names.has(name)) &&
      refcount === explained + unexplained &&
      unexplained <= busy.length &&
      (!races || cautions.some((caution) => caution.includes('while this was read')));
    if (!right) wrong.push({ told, refcount, explained, unexplained, cautions });
  }
  over = true;
  await Promise.all(works);
  check(`${step}: every look is right`, wrong, []);
  tell(`${step}: looks meanwhile`, `${MOST_LOOKS}, of ${readings} readings; ${raced} raced even at the last`);
  for (const puppet of busy) await puppet.kill();
}

/** Where the system changes, hides or is large. */
export const hardToSee: Played = {
  'why: a recording that came late': async () => {
    modprobe('testmod');
    await tells('loaded', testmod({}));
    const logind = await startPuppet('systemd-logind');
    await logind.do('open /dev/testmod');
    const capture = await startCapture();
    await tells('held since before it began', testmod({ 'systemd-logind': 1 }, { capture }));
    const xorg = await startPuppet('Xorg');
    await xorg.do('open /dev/testmod');
    await tells('and once more, which it saw', testmod({ 'systemd-logind': 1, Xorg: 1 }, { capture }));
    await logind.kill();
    await tells('given back, which it never saw taken', testmod({ Xorg: 1 }, { capture }));
    await capture.stop();
    await letGo('testmod');
  },

  'why: a storm of opens': async () => {
    modprobe('testmod');
    await tells('loaded', testmod({}));
    const reader = await startPuppet('reader');
    await reader.do('open /dev/testmod');
    const makers = [await startPuppet('make'), await startPuppet('ninja')];
    await lookThrough('files', makers, (maker) => maker.do('open-close /dev/testmod 2000'));
    await tells('after it', testmod({ reader: 1 }));
    const capture = await startCapture();
    const others = [await startPuppet('make'), await startPuppet('ninja')];
    await Promise.all(others.map((puppet) => puppet.do('open-close /dev/testmod 1000')));
    for (const puppet of others) await puppet.kill();
    await tells('and after one that was recorded', testmod({ reader: 1 }, { capture }));
    await capture.stop();
    await letGo('testmod');
  },

  'why: processes that come and go': async () => {
    modprobe('testmod');
    await tells('loaded', testmod({}));
    const reader = await startPuppet('reader');
    await reader.do('open /dev/testmod');
    const shells = [await startPuppet('make'), await startPuppet('ninja')];
    await lookThrough('programs', shells, (shell) => shell.do('exec /bin/nothing 50'));
    await tells('after it', testmod({ reader: 1 }));
    await letGo('testmod');
  },

  'why: /proc that hides processes from users': async () => {
    modprobe('testmod');
    await tells('loaded', testmod({}));
    chmodSync('/dev/testmod', 0o666);
    const daemon = await startPuppet('daemon');
    const own = await startPuppet('own', dev);
    for (const puppet of [daemon, own]) await puppet.do('open /dev/testmod');
    must('mount', '-o', 'remount,hidepid=2', '/proc');
    await tells('root sees all', testmod({ daemon: 1, own: 1 }));
    const { snapshot } = await lookAround(dev);
    const accounting = accountForPresent(snapshot).find(({ module }) => module === 'testmod')!;
    check(
      'a user sees what is theirs, and is told that there is more',
      {
        told: holdersOf(accounting),
        unexplained: accounting.unexplained,
        hidden: snapshot.unseen.some(({ why }) => why === '/proc hides them (hidepid).'),
      },
      { told: { own: 1 }, unexplained: 1, hidden: true },
    );
    must('mount', '-o', 'remount,hidepid=0', '/proc');
    await letGo('testmod');
  },

  'why: ten thousand mounts': async () => {
    modprobe('overlay');
    await tells('loaded', { module: 'overlay', holders: {} });
    must('mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged', '/tmp/many');
    const mountMany = async (times: number) => {
      const container = await startPuppet('container');
      await container.do(`unshare ${newMounts}`);
      await container.do('mount tmpfs /tmp/many size=64m');
      await container.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
      await container.do(`bind-mounts /tmp/merged /tmp/many ${times}`);
      return container;
    };
    const large = await mountMany(10_000);
    const began = performance.now();
    await tells('of one filesystem', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    tell('look and answer', `${Math.round(performance.now() - began)} ms`);
    await large.kill();
    await tells('which ended with their namespace', { module: 'overlay', holders: {} });
    // umount reads the whole list anew for each: of ten thousand that takes minutes here.
    const small = await mountMany(100);
    await tells('a hundred', { module: 'overlay', holders: { '/tmp/merged': 1 } });
    await letGo('overlay');
    await small.kill();
    rmSync('/tmp/many', { recursive: true });
  },
};
