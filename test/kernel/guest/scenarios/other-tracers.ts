import { createHash } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import { createFrameDecoder } from '../../../../shared/capture-protocol/create-frame-decoder.ts';
import { encodeReadTracefs } from '../../../../shared/capture-protocol/encode-request.ts';
import type { HelperFrame } from '../../../../shared/capture-protocol/helper-frame.ts';
import { spawnHelper, startCapture } from '../capture.ts';
import { instanceNames, modprobe, must, readTrace, tracefs, writeTrace } from '../kernel.ts';
import { startPuppet } from '../puppet.ts';
import { check } from '../report.ts';

const events = ['module_load', 'module_free', 'module_get', 'module_put', 'module_request'];
const both = [
  ...['tracing_on', 'trace', 'trace_clock', 'buffer_size_kb', 'current_tracer', 'set_event', 'trace_options'],
  ...['set_event_pid', 'events/enable', 'events/module/enable', 'events/module/filter'],
  ...events.flatMap((event) => ['enable', 'filter', 'trigger'].map((file) => `events/module/${event}/${file}`)),
  ...['per_cpu/cpu0/stats', 'per_cpu/cpu1/stats'],
];
const globalOnly = ['set_ftrace_filter', 'set_ftrace_notrace', 'kprobe_events', 'error_log', 'saved_cmdlines_size'];

/** A checksum of everything that somebody could have set, and of everything they recorded. */
function fingerprint(): Record<string, string> {
  const files = [...both, ...globalOnly, ...both.map((file) => `instances/foreign/${file}`)];
  return Object.fromEntries(
    files.map((file) => {
      const text = readTrace(file).replace(/^now ts: .*$/m, '');
      return [file, createHash('sha256').update(text).digest('hex').slice(0, 16)];
    }),
  );
}

/** Somebody who traces by themselves: in the global buffer and in an instance, with odd options, and finished by now. */
async function beSomebodyElse(): Promise<void> {
  mkdirSync(`${tracefs}/instances/foreign`);
  writeTrace('instances/foreign/trace_clock', 'boot');
  writeTrace('instances/foreign/buffer_size_kb', '777');
  writeTrace('instances/foreign/events/module/module_get/filter', 'name == "drm"');
  writeTrace('instances/foreign/events/module/module_put/trigger', 'stacktrace');
  for (const place of ['', 'instances/foreign/']) writeTrace(`${place}events/module/enable`, '1');
  modprobe('testmod');
  const reader = await startPuppet('somebody');
  await reader.do('open-close /dev/testmod 50');
  must('/sbin/rmmod', 'testmod');
  await reader.kill();
  for (const place of ['', 'instances/foreign/']) writeTrace(`${place}tracing_on`, '0');
  for (const option of oddOptions)
    writeTrace(`options/${option.replace('no', '')}`, option.startsWith('no') ? '0' : '1');
}

const oddOptions = [
  'latency-format',
  'sym-offset',
  'stacktrace',
  'verbose',
  'nooverwrite',
  'noirq-info',
  'nocontext-info',
];

function goAway(): void {
  for (const option of oddOptions)
    writeTrace(`options/${option.replace('no', '')}`, option.startsWith('no') ? '1' : '0');
  writeTrace('events/module/enable', '0');
  writeTrace('trace', '');
  writeTrace('tracing_on', '1');
  rmdirSync(`${tracefs}/instances/foreign`);
}

/** Whoever else traces is not disturbed, and does not disturb. */
export const otherTracers = {
  'a foreign instance and the global buffer': async () => {
    await beSomebodyElse();
    const before = fingerprint();
    const capture = await startCapture({ stackTraces: true, modules: { which: 'only', names: ['testmod'] } });
    check('while recording, they are as before', fingerprint(), before);
    const reader = await startPuppet('reader');
    modprobe('testmod');
    const device = await reader.do('open /dev/testmod');
    const holder = { name: 'reader', pid: reader.pid, references: 1 };
    await capture.agrees('their odd options do not reach our text', 'testmod', [holder]);
    await reader.do(`close ${device}`);
    must('/sbin/rmmod', 'testmod');
    await capture.stop();
    check('after it, they are as before', fingerprint(), before);
    check('and alone', instanceNames(), ['foreign']);
    await reader.kill();
    goAway();
  },

  'two captures at once': async () => {
    const one = await startCapture({ modules: { which: 'only', names: ['testmod'] } });
    const two = await startCapture({ modules: { which: 'except', names: ['testmod'] }, bufferKiB: 64 });
    check('two instances', instanceNames(), [one.hello.instance, two.hello.instance].sort());
    check('neither sweeps the other', two.hello.swept, 0);
    const reader = await startPuppet('reader');
    modprobe('testmod');
    const device = await reader.do('open /dev/testmod');
    await one.agrees('the one knows who holds it', 'testmod', [{ name: 'reader', pid: reader.pid, references: 1 }]);
    await two.until('the other saw it loaded', () => /module_load: testmod /.test(two.text()));
    check('and no get of it', /module_get: testmod /.test(two.text()), false);
    await two.stop();
    await reader.do(`close ${device}`);
    await one.agrees('the one goes on when the other has ended', 'testmod', []);
    await one.stop();
    await reader.kill();
    must('/sbin/rmmod', 'testmod');
  },

  'what there is to see': async () => {
    mkdirSync(`${tracefs}/instances/trace-cmd`);
    writeTrace('instances/trace-cmd/events/sched/sched_switch/enable', '1');
    const before = readTrace('trace_options');
    const helper = spawnHelper();
    const decoder = createFrameDecoder();
    const frames: HelperFrame[] = [];
    helper.stdout.on('data', (chunk: Buffer) => frames.push(...decoder.push(chunk)));
    helper.stdin.write(encodeReadTracefs());
    await new Promise((resolve) => helper.on('close', resolve));
    const fact = (name: string) => frames.find((frame) => frame.kind === 'fact' && frame.name === name);
    const text = (name: string) => (fact(name) as { text: string } | undefined)?.text.trim();
    check('the place', text('place'), tracefs);
    check('the current tracer', text('current_tracer'), 'nop');
    check('the clocks', text('trace_clock')?.includes('[local]'), true);
    check('the format of an event', text('events/module/module_get/format')?.includes('int refcnt'), true);
    check('who else traces', text('instances/trace-cmd/set_event'), 'sched:sched_switch');
    check('nothing was changed', readTrace('trace_options'), before);
    rmdirSync(`${tracefs}/instances/trace-cmd`);
  },
};
