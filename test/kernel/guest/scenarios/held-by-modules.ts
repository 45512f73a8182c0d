import { writeFileSync } from 'node:fs';
import { startCapture } from '../capture.ts';
import { modprobe, must, refcountOf, run, tracefs } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';
import { beginTable, letGo, type Played, secretly, staysUntilReboot, tells } from '../why-now.ts';

const longName = 'testmod_a_module_name_of_exactly_fifty_five_charactersx';
const nastyName = 'nasty na:me [x]';
const folder = `/lib/modules/${run('/bin/uname', '-r').output.trim()}/extra`;

/** What modules do to themselves and to one another. */
export const heldByModules: Played = {
  'why: a module that takes another by symbol_get': async () => {
    modprobe('testmod');
    await tells('loaded', { module: 'testmod', holders: {} });
    modprobe('testmod_symget');
    await tells('"Used by" is empty', secretly('testmod', 'testmod_symget'));
    must('/sbin/rmmod', 'testmod_symget');
    await tells('which is unloaded', { module: 'testmod', holders: {} });
    await letGo('testmod', 'free');
  },

  'why: a module that its own kernel thread holds': async () => {
    modprobe('testmod_thread');
    await tells('it works', secretly('testmod_thread', 'testmod_thread'));
    writeFileSync('/sys/module/testmod_thread/parameters/end', '1');
    await tells('it has ended', { module: 'testmod_thread', holders: {} });
    await letGo('testmod_thread', 'free');
  },

  'why: a load that fails': async () => {
    modprobe('testmod');
    await tells('loaded', { module: 'testmod', holders: {} });
    const failed = run('/sbin/modprobe', 'testmod_user', 'fail=1').status;
    check('its init says no', failed, 1);
    await tells('a module that used it for a moment', { module: 'testmod', holders: {} });
    modprobe('testmod_user');
    await tells('and one that stays', { module: 'testmod', holders: { testmod_user: 1 } });
    await letGo('testmod');
  },

  'why: a module without an exit function': async () => {
    if (refcountOf('testmod_perm') === undefined) modprobe('testmod_perm');
    await tells('nobody holds it', { module: 'testmod_perm', holders: {} });
    await staysUntilReboot('testmod_perm', /\[permanent\].*Only a reboot helps/);
  },

  'why: names as long and as odd as may be': async () => {
    for (const [module, file] of [
      [longName, longName],
      [nastyName, 'nasty'],
    ] as const) {
      must('/sbin/insmod', `${folder}/${file}.ko`, `node=testmod-${file.slice(0, 5)}`);
      const node = `/dev/testmod-${file.slice(0, 5)}`;
      await tells('loaded', { module, holders: {}, nodes: [node] });
      const reader = await startPuppet('reader');
      await reader.do(`open ${node}`);
      await tells('open, by a node that does not say whose it is', { ...secretly(module, 'reader'), nodes: [node] });
      await reader.kill();
      await tells('closed', { module, holders: {}, nodes: [node] });
      await letGo(module, 'free');
    }
  },

  'why: a trigger of the tracer': async () => {
    modprobe('vkms');
    const trigger = `${tracefs}/events/module/module_load/trigger`;
    await tells('loaded', { module: 'vkms', holders: {} });
    const drm = refcountOf('drm')!;
    writeFileSync(trigger, 'enable_event:drm:drm_vblank_event');
    check('it holds drm', refcountOf('drm'), drm + 1);
    const holders = { drm_kms_helper: 1, drm_shmem_helper: 1, vkms: 1, drm: 1 };
    const hidden = secretly('drm', 'node');
    await tells('set', { ...hidden, holders: { ...holders, ...hidden.holders } });
    writeFileSync(trigger, '!enable_event:drm:drm_vblank_event');
    await tells('removed', { module: 'drm', holders });
    await letGo('vkms', 'free');
    await letGo('drm', 'free');
  },
};

/** Stories that end badly, once each: with a recording of their own, or with a module that nobody gets rid of. */
export const heldForGood: Played = {
  'why: a reference that is never given back': async () => {
    const capture = await startCapture({ stackTraces: true });
    modprobe('testmod');
    await tells('loaded', { module: 'testmod', holders: {} });
    const leaker = await startPuppet('leaker');
    await leaker.do('write /proc/testmod-count +');
    await leaker.kill();
    await tells('without a recording', { module: 'testmod', holders: {}, unseen: 1 });
    beginTable('a reference that is never given back, merged', capture);
    await tells('nobody has it, and who took it is gone', { module: 'testmod', holders: {}, unseen: 1 });
    await staysUntilReboot('testmod', /taken by leaker at count_write.*never given back.*only a reboot helps/);
    await forceUnload();
    await capture.stop();
  },
};

/** What ModShark never proposes, done by somebody: what it then says of the module, loaded again. */
async function forceUnload(): Promise<void> {
  must('/sbin/rmmod', '-f', 'testmod');
  check('it is gone, whoever held it', refcountOf('testmod'), undefined);
  beginTable('a forced unload');
  modprobe('testmod');
  await tells('loaded again', { module: 'testmod', holders: {} });
  const reader = await startPuppet('reader');
  await reader.do('open /dev/testmod');
  await tells('and held', { module: 'testmod', holders: { reader: 1 } });
  await letGo('testmod');
}
