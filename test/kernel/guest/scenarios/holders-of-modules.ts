import { rmSync } from 'node:fs';
import { type Holding, startCapture } from '../capture.ts';
import { modprobe, must, run } from '../kernel.ts';
import { type Puppet, startPuppet } from '../puppet.ts';
import { check } from '../report.ts';

const by = ({ name, pid }: Pick<Puppet, 'name' | 'pid'>, references = 1): Holding => ({ name, pid, references });
const byModule = (name: string): Holding => ({ name, pid: undefined, references: 1 });

/** Every way of holding a module, played for real: at each step ModShark's live answer must be the truth. */
export const holdersOfModules = {
  'testmod: load, hold, release, unload': async () => {
    const capture = await startCapture();
    const reader = await startPuppet('reader');
    modprobe('testmod');
    await capture.agrees('loaded', 'testmod', []);
    const sample = await reader.do('open /proc/testmod-sample');
    await capture.agrees('an open /proc file of it takes nothing', 'testmod', []);
    const device = await reader.do('open /dev/testmod');
    await capture.agrees('an open device takes a reference', 'testmod', [by(reader)]);
    const refused = run('/sbin/rmmod', 'testmod');
    check('rmmod is refused', refused, { status: 1, output: 'rmmod: ERROR: Module testmod is in use\n' });
    await reader.do(`close ${device}`);
    await capture.agrees('closed', 'testmod', []);
    modprobe('testmod_user');
    await capture.agrees('a module that uses it', 'testmod', [byModule('testmod_user')]);
    must('/sbin/rmmod', 'testmod_user');
    await capture.agrees('which is unloaded again', 'testmod', []);
    await reader.do(`close ${sample}`);
    must('/sbin/rmmod', 'testmod');
    await capture.until('testmod is gone', () => capture.answer('testmod').state === 'absent');
    check('unloaded', capture.answer('testmod').state, 'absent');
    await reader.kill();
    await capture.stop();
  },

  'vkms: held by systemd-logind': async () => {
    const capture = await startCapture();
    const logind = await startPuppet('systemd-logind');
    modprobe('vkms');
    await capture.agrees('loaded', 'vkms', []);
    await capture.countAgrees('what it depends on is counted too', 'drm');
    const card = await logind.do('open /dev/dri/card0');
    await capture.agrees('systemd-logind opens /dev/dri/card0', 'vkms', [by(logind)]);
    await capture.countAgrees('and so holds drm as well', 'drm');
    const refused = run('/sbin/modprobe', '-r', 'vkms');
    check('modprobe -r is refused', refused, { status: 1, output: 'modprobe: FATAL: Module vkms is in use.\n' });
    await capture.agrees('it still holds it', 'vkms', [by(logind)]);
    await logind.do(`close ${card}`);
    await capture.agrees('systemd-logind lets go', 'vkms', []);
    must('/sbin/modprobe', '-r', 'vkms');
    await capture.until('vkms is gone', () => capture.answer('vkms').state === 'absent');
    check('unloaded', capture.answer('vkms').state, 'absent');
    await logind.kill();
    await capture.stop();
    // Newer kernels let go of these a moment after the device, so that modprobe leaves them.
    for (const left of ['drm_shmem_helper', 'drm_kms_helper', 'drm']) run('/sbin/modprobe', '-r', left);
  },

  'a mount': async () => {
    const capture = await startCapture();
    const mounter = await startPuppet('mount');
    modprobe('overlay');
    await capture.agrees('loaded', 'overlay', []);
    must('/bin/mkdir', '-p', '/tmp/lower', '/tmp/upper', '/tmp/merged');
    await mounter.do('mount overlay /tmp/merged lowerdir=/tmp/lower:/tmp/upper');
    await capture.countAgrees('mounted', 'overlay');
    check('the mount is what holds it', capture.answer('overlay').unexplained, 0);
    await mounter.do('umount /tmp/merged');
    await capture.agrees('unmounted', 'overlay', []);
    must('/sbin/rmmod', 'overlay');
    await mounter.kill();
    await capture.stop();
  },

  'a socket': async () => {
    const capture = await startCapture();
    const candump = await startPuppet('candump');
    const socket = await candump.do('socket 29 3 1'); // AF_CAN, SOCK_RAW, CAN_RAW: the kernel loads the module itself
    await capture.agrees('opened, and loaded for it', 'can_raw', [by(candump)]);
    check('the request is in the text', /module_request: net-pf-29/.test(capture.text()), true);
    await candump.do(`close ${socket}`);
    await capture.agrees('closed', 'can_raw', []);
    must('/sbin/rmmod', 'can_raw');
    await candump.kill();
    await capture.stop();
  },

  'a tun device': async () => {
    const capture = await startCapture();
    const openvpn = await startPuppet('openvpn');
    run('/bin/mkdir', '-p', '/dev/net');
    modprobe('tun');
    const device = await openvpn.do('open /dev/net/tun');
    await capture.agrees('open: one by the device, one by the socket in it', 'tun', [by(openvpn, 2)]);
    await openvpn.do(`tun ${device} tun0`);
    await openvpn.do(`persist ${device} 1`);
    await capture.countAgrees('a persistent interface takes a third', 'tun');
    check('nothing is unexplained', capture.answer('tun').unexplained, 0);
    await openvpn.do(`persist ${device} 0`);
    await capture.agrees('no longer persistent', 'tun', [by(openvpn, 2)]);
    await openvpn.kill();
    await capture.agrees('killed', 'tun', []);
    must('/sbin/rmmod', 'tun');
    await capture.stop();
  },

  'a forked holder': async () => {
    const capture = await startCapture();
    const sshd = await startPuppet('sshd');
    modprobe('testmod');
    await sshd.do('open /dev/testmod');
    await capture.agrees('sshd opens it', 'testmod', [by(sshd)]);
    const bash = await sshd.do('fork bash');
    await sshd.kill();
    await capture.countAgrees('its child still holds it when sshd is gone', 'testmod');
    check('no event told of the fork', capture.answer('testmod').holders.length, 1);
    process.kill(bash, 'SIGKILL');
    await capture.agrees('the child is killed', 'testmod', []);
    check('the put is the child’s', new RegExp(`bash-${bash} .*module_put: testmod `).test(capture.text()), true);
    must('/sbin/rmmod', 'testmod');
    await capture.stop();
  },

  'a passed file': async () => {
    const capture = await startCapture();
    const giver = await startPuppet('dbus-daemon');
    const taker = await startPuppet('firefox');
    modprobe('testmod');
    const given = await giver.do('open /dev/testmod');
    await capture.agrees('dbus-daemon opens it', 'testmod', [by(giver)]);
    await taker.do('listen /tmp/socket');
    const accepting = taker.do('accept');
    await giver.do(`pass /tmp/socket ${given}`);
    const taken = await accepting;
    await giver.do(`close ${given}`);
    await capture.countAgrees('passed to firefox and closed: still one', 'testmod');
    await taker.do(`close ${taken}`);
    await capture.agrees('firefox closes it', 'testmod', []);
    // The kernel does not always remember a name: it prints <...> then.
    check('the put is firefox’s', new RegExp(`-${taker.pid} .*module_put: testmod `).test(capture.text()), true);
    must('/sbin/rmmod', 'testmod');
    for (const puppet of [giver, taker]) await puppet.kill();
    rmSync('/tmp/socket');
    await capture.stop();
  },
};
