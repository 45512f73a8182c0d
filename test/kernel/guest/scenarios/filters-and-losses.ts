import { mkdirSync, rmdirSync } from 'node:fs';
import { encodeClear } from '../../../../shared/capture-protocol/encode-request.ts';
import { spawnHelper, startCapture } from '../capture.ts';
import { instanceNames, modprobe, must, readTrace, tracefs, writeTrace } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check, tell } from '../report.ts';

/** Names of the modules whose events of these kinds are in the text. */
function modulesOf(text: string, ...events: string[]): string[] {
  const pattern = new RegExp(`: (?:${events.join('|')}): (\\S+)`, 'g');
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))].sort();
}

/** Loads, uses and unloads testmod with its user, and opens tun in between. */
async function handleThings(): Promise<void> {
  const puppet = await startPuppet('user');
  modprobe('testmod_user');
  await puppet.do(`close ${await puppet.do('open /dev/testmod')}`);
  modprobe('tun');
  await puppet.do(`close ${await puppet.do('open /dev/net/tun')}`);
  must('/sbin/rmmod', 'tun');
  must('/sbin/rmmod', 'testmod_user', 'testmod');
  await puppet.kill();
}

async function recordThings(names: readonly string[], which: 'only' | 'except', stackTraces = false) {
  const capture = await startCapture({ modules: { which, names }, stackTraces });
  const filter = readTrace(`instances/${capture.hello.instance}/events/module/module_get/filter`).trim();
  await handleThings();
  await capture.stop();
  return { filter, text: capture.text() };
}

const loads = ['module_load', 'module_free'];
const counts = ['module_get', 'module_put'];

/** What the kernel filters, and what it loses. */
export const filtersAndLosses = {
  'a filter on one module': async () => {
    const { filter, text } = await recordThings(['testmod'], 'only');
    check('the kernel has it word for word', filter, 'name=="testmod"');
    check('gets and puts are of that module only', modulesOf(text, ...counts), ['testmod']);
    check('loads and frees are of all', modulesOf(text, ...loads), ['testmod', 'testmod_user', 'tun']);
  },

  'a filter on several, one of them with a dash': async () => {
    const { filter, text } = await recordThings(['testmod-user', 'tun', 'no-such-module'], 'only');
    check('the kernel has it', filter, 'name=="testmod_user"||name=="tun"||name=="no_such_module"');
    check('gets and puts are of those', modulesOf(text, ...counts), ['testmod_user', 'tun']);
  },

  'all but some': async () => {
    const { filter, text } = await recordThings(['tun', 'testmod'], 'except');
    check('the kernel has it', filter, 'name!="tun"&&name!="testmod"');
    check('gets and puts are of the others', modulesOf(text, ...counts), ['testmod_user']);
  },

  'the longest filter': async () => {
    const names = Array.from({ length: 61 }, (_, index) => `m${index}_`.padEnd(55, 'x'));
    const capture = await startCapture({ modules: { which: 'only', names }, stackTraces: true });
    const filter = readTrace(`instances/${capture.hello.instance}/events/module/module_put/filter`).trim();
    check('the kernel has all of it', filter, names.map((name) => `name=="${name}"`).join('||'));
    await capture.stop();
  },

  'stack traces': async () => {
    const { text } = await recordThings(['testmod'], 'only', true);
    check('gets and puts are of that module only', modulesOf(text, ...counts), ['testmod']);
    const events = [...text.matchAll(/: module_(?:get|put): /g)].length;
    check('each has its stack, and nothing else has one', [...text.matchAll(/<stack trace>/g)].length, events);
    check('the stack of the open is there', / => misc_open\n(?: => .*\n)*? => chrdev_open\n/.test(text), true);
  },

  'hostile names': async () => {
    for (const name of ['vkms" || name != "', 'drm*', '../..', 'a\nb', '']) {
      const body = Buffer.from([1, 31, 0, 0, 0, 5, 0x80, 0, 1, name.length, ...Buffer.from(name)]);
      const helper = spawnHelper();
      const said: Buffer[] = [];
      helper.stdout.on('data', (chunk: Buffer) => said.push(chunk));
      helper.stdin.end(Buffer.concat([Buffer.from([0x53, 0, 0, body.length]), body]));
      await new Promise((resolve) => helper.on('close', resolve));
      check(`${JSON.stringify(name)} is refused`, Buffer.concat(said).toString('latin1').slice(4, 12), 'bad-name');
      check('no instance was made', instanceNames(), []);
    }
  },

  'lost events with a tiny buffer': async () => {
    modprobe('binfmt_misc');
    modprobe('testmod');
    mkdirSync(`${tracefs}/instances/witness`);
    writeTrace('instances/witness/buffer_size_kb', '32768');
    const capture = await startCapture({ bufferKiB: 64 });
    writeTrace('instances/witness/events/module/enable', '1');
    const make = await startPuppet('make');
    const reader = await startPuppet('reader');
    const held = await reader.do('open /dev/testmod');
    await capture.agrees('held before the storm', 'testmod', [{ name: 'reader', pid: reader.pid, references: 1 }]);
    capture.process.stdout.pause(); // nobody reads: the helper must wait, and the kernel overwrite
    await make.do('exec /bin/nothing 4000');
    await make.do('open-close /dev/testmod 20000'); // more than stdout and the buffer hold together
    capture.process.stdout.resume();
    await reader.do(`close ${held}`);
    await capture.agrees('the answer after the storm', 'testmod', []);
    writeTrace('instances/witness/tracing_on', '0');
    await capture.stop();
    const tally = capture.tally()!;
    const made = ['cpu0', 'cpu1'].reduce((sum, cpu) => {
      const stats = readTrace(`instances/witness/per_cpu/${cpu}/stats`);
      return sum + Number(/^entries: (\d+)/m.exec(stats)![1]) + Number(/^overrun: (\d+)/m.exec(stats)![1]);
    }, 0);
    check('events were lost', tally.lost > 1_000, true);
    check('every event is either read or counted as lost', tally.read + tally.lost + tally.waiting, made);
    const told = [...capture.text().matchAll(/^CPU:\d+ \[LOST (\d+) EVENTS\]$/gm)].reduce(
      (sum, m) => sum + Number(m[1]),
      0,
    );
    check('the text tells the same number', told, tally.lost);
    const lines = [...capture.text().matchAll(/: module_\w+: /g)].length;
    check('and has every event that was read', lines, tally.read);
    tell('made, read, lost', `${made} = ${tally.read} + ${tally.lost}`);
    for (const puppet of [make, reader]) await puppet.kill();
    rmdirSync(`${tracefs}/instances/witness`);
    must('/sbin/rmmod', 'testmod');
    must('/sbin/rmmod', 'binfmt_misc');
  },

  'a buffer that is cleared, switched off, or erased by the kernel': async () => {
    modprobe('testmod');
    modprobe('drm');
    const capture = await startCapture();
    const instance = `instances/${capture.hello.instance}`;
    const reader = await startPuppet('reader');
    await reader.do('open-close /dev/testmod 10');
    await capture.until('20 events were read', () => capture.tally()!.read >= 20);
    capture.process.stdin.write(encodeClear());
    await capture.until('cleared', () => capture.frames.some((frame) => frame.kind === 'cleared'));
    await reader.do('open-close /dev/testmod 1');
    await capture.until('an erasure is seen', () => capture.tally()!.erasures === 1);
    check('CLEAR is answered, and the recording goes on', capture.tally(), {
      lost: 0,
      read: 22,
      waiting: 0,
      erasures: 1,
    });

    writeTrace(`${instance}/tracing_on`, '0');
    const off = () => capture.frames.filter((frame) => frame.kind === 'counts').at(-1)?.tracingOn;
    await capture.until('switched off is told', () => off() === false);
    writeTrace(`${instance}/tracing_on`, '1');
    await capture.until('switched on is told', () => off() === true);
    check('somebody else’s switching is told', off(), true);

    writeTrace(`${instance}/events/drm/enable`, '1');
    writeTrace(`${instance}/events/drm/enable`, '0');
    await reader.do('open-close /dev/testmod 10');
    await capture.until('42 events were read', () => capture.tally()!.read === 42);
    must('/sbin/rmmod', 'drm');
    await reader.do('open-close /dev/testmod 1');
    await capture.until('the kernel’s erasure is seen', () => capture.tally()!.erasures === 2);
    check('unloading a module with trace events erases the buffer, which is seen', capture.tally()!.erasures, 2);
    await capture.agrees('and the recording goes on', 'testmod', []);
    await reader.kill();
    await capture.stop();
    must('/sbin/rmmod', 'testmod');
  },
};
