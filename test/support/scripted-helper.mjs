#!/usr/bin/env node
import { existsSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/**
 * A capture helper that speaks the real frames and does what a script says: `scripted-helper.mjs SCRIPT`, a JSON list of
 * steps, one after the other. Written from PROTOCOL.md alone: nothing of the program's own decoder is used.
 *
 *   {"hello": {…}}           what differs from the usual hello      {"trace": "text"}      a piece of trace_pipe
 *   {"modules": "text", "when": 0}                                  {"counts": [[cpu, entries, overrun, commit, dropped, read]], "on": 1}
 *   {"refuse": ["code", "sentence"]}                                {"bye": ["reason", "instance"]}
 *   {"raw": "base64"}        bytes as they are                      {"stderr": "text"}
 *   {"flood": N}             N copies of one line, in whole frames  {"file": "path", "repeat": N}  a recording, as trace
 *   {"until": "stop"}        waits for STOP or the end of stdin; a CLEAR meanwhile is answered
 *   {"until": "clear"}       waits for CLEAR, and answers it
 *   {"looks": "path"}        answers each SNAPSHOT with what then stands in that file, until the end of stdin
 *   {"pieces": "folder"}     sends the files 1, 2, 3 … of that folder as they come to be there, until STOP comes
 *   {"storm": N, "perSecond": R}  N gets and puts of a few modules, so many a second
 *   {"await": "path"}        waits until that file is there, or STOP comes
 *   {"offer": N, "told": "path"}  N copies of one line, and as the kernel does: what is not taken is overwritten, and counted in the
 *                            file `path` and in counts; the file appears when all were offered
 *   {"fact": ["path", errno, "text"]}  what it answers with where it is asked to read tracefs; all other steps are then passed over
 *   {"exit": status}         {"kill": "SIGKILL"}                    ends itself
 *
 * Where the script tells no counts, it counts what it sends as the kernel would, and tells what has changed: after each
 * step, and each second of those that take long.
 */
const steps = JSON.parse(process.argv[2] ?? '[{"hello":{}},{"until":"stop"},{"bye":["stop","removed"]}]');
const maxBody = 4092;

/** Writes all of it, however slowly it is read. */
function writeAll(bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code === 'EPIPE') process.exit(0);
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Offers a frame once; false where the reader is too far behind. */
function offer(bytes) {
  let written = 0;
  try {
    written = writeSync(1, bytes);
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error;
    return false;
  }
  writeAll(bytes.subarray(written));
  return true;
}

function frame(type, body = '') {
  const bytes = Buffer.from(body, 'latin1');
  const header = Buffer.from([type.charCodeAt(0), 0, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([header, bytes]);
}

const send = (type, body) => writeAll(frame(type, body));

function sendParts(type, prefix, text) {
  const room = maxBody - prefix.length - 1;
  let at = 0;
  do {
    const part = text.slice(at, at + room);
    at += part.length;
    send(type, `${at >= text.length ? '\x01' : '\0'}${prefix}${part}`);
  } while (at < text.length);
}

function sendTrace(text) {
  for (let at = 0; at < text.length; at += maxBody) send('T', text.slice(at, at + maxBody));
  if (countsItself) count(text);
}

const countsItself = !steps.some((step) => 'counts' in step || 'offer' in step);
/** By CPU, of those of which something is new. */
const counted = new Map();
const changed = new Set();
let hasBegun = false;
let unended = '';
let countedAt = Number.NEGATIVE_INFINITY;

/** As the kernel prints: print_lost_events and trace_print_context in kernel/trace. */
function count(text) {
  const lines = (unended + text).split('\n');
  unended = lines.pop();
  for (const line of lines) {
    const loss = /^CPU:(\d+) \[LOST (\d+) EVENTS\]$/.exec(line);
    const event = loss === null ? / \[(\d{3,})\] \S+ +\d+\.\d+: /.exec(line) : null;
    const found = loss ?? event;
    if (found === null) continue;
    const cpu = Number(found[1]);
    const { overrun, read } = counted.get(cpu) ?? { overrun: 0, read: 0 };
    counted.set(cpu, loss === null ? { overrun, read: read + 1 } : { overrun: overrun + Number(loss[2]), read });
    changed.add(cpu);
  }
}

function tellCounts() {
  if (changed.size === 0 || !hasBegun) return;
  countedAt = performance.now();
  const lines = [...changed].map((cpu) => `${cpu} 0 ${counted.get(cpu).overrun} 0 0 ${counted.get(cpu).read}\n`);
  changed.clear();
  send('L', `tracing_on=1\n${lines.join('')}`);
}

const tellCountsEachSecond = () => performance.now() - countedAt < 1000 || tellCounts();

const usualHello = {
  version: '1',
  kernel: '6.1.0-scripted',
  tracefs: '/sys/kernel/tracing',
  instance: 'modshark-4711',
  events: 'load,free,get,put,request',
  clock: 'mono',
  record_tgid: '1',
  buffer_kib: '4096',
  cpus: '2',
  swept: '0',
  monotonic_ns: '100000000000',
  boottime_ns: '100000000000',
  realtime_ns: '1790000000000000000',
};
const line = '          insmod-154     [001] .....     9.228660: module_load: testmod OE\n';

/** The requests that came after START, as their letters. */
const requests = [];
let inputEnded = false;
let wake = () => {};
let pending = Buffer.alloc(0);
let startSeen = false;
process.stdin.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  while (pending.length >= 4) {
    const length = 4 + pending.readUIntBE(1, 3);
    if (pending.length < length) break;
    const type = String.fromCharCode(pending[0]);
    pending = pending.subarray(length);
    if (startSeen || type === 'N') requests.push(type);
    else if (type === 'F') tellFacts();
    startSeen ||= type === 'S' || type === 'N';
  }
  wake();
});
process.stdin.on('end', () => {
  inputEnded = true;
  wake();
});

function tellFacts() {
  for (const { fact } of steps)
    if (fact !== undefined) sendParts('F', `${String.fromCharCode(fact[1])}${fact[0]}\0`, fact[2]);
  send('B', 'reason=done\ninstance=none\n');
  process.exit(0);
}

/** Every get is given back right after it, by one of some tasks on one of two CPUs. */
async function sendStorm(events, perSecond) {
  const begun = performance.now();
  for (let sent = 0; sent < events && !requests.includes('Q') && !inputEnded; ) {
    const due = Math.min(events, Math.ceil(((performance.now() - begun) / 1000) * perSecond));
    let text = '';
    for (; sent < due; sent++) {
      const microseconds = Math.floor((sent * 1_000_000) / perSecond);
      const stamp = `${200 + Math.floor(microseconds / 1e6)}.${String(microseconds % 1e6).padStart(6, '0')}`;
      const pair = sent >> 1;
      const what = sent % 2 === 0 ? 'get' : 'put';
      // As the kernel pads: trace_print_context in kernel/trace/trace_output.c, `%16s-%-7d `.
      const task = `${'worker'.padStart(16)}-${String(3000 + (pair % 7)).padEnd(7)}`;
      text += `${task} [00${pair % 2}] .....   ${stamp}: module_${what}: storm${pair % 5} call_site=chrdev_open refcnt=${sent % 2 === 0 ? 2 : 1}\n`;
    }
    sendTrace(text);
    tellCountsEachSecond();
    if (sent < events) await setTimeout(2);
  }
}

/** What comes first says what is asked for; a helper that has facts to tell waits for it. */
async function untilAsked() {
  while (steps.some((step) => 'fact' in step) && !startSeen && !inputEnded) {
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

/** Waits for a request; false where none comes any more. */
async function until(type) {
  for (;;) {
    const next = requests.shift();
    if (next === 'C') send('C');
    if (next === type || (next === undefined && inputEnded)) return next === type;
    if (next === undefined) {
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  }
}

await untilAsked();
for (const step of steps) {
  if ('hello' in step) {
    hasBegun = true;
    const fields = Object.entries({ ...usualHello, ...step.hello });
    send('H', fields.map(([key, value]) => `${key}=${value}\n`).join(''));
  } else if ('modules' in step) sendParts('M', step.when === 1 ? '\x01' : '\0', step.modules);
  else if ('trace' in step) sendTrace(step.trace);
  else if ('flood' in step) {
    const block = Buffer.concat(Array.from({ length: 100 }, () => frame('T', line.repeat(50))));
    for (let sent = 0; sent < step.flood; sent += 5000) {
      writeAll(block);
      if (countsItself) count(line.repeat(5000));
    }
  } else if ('offer' in step) {
    void process.stdout.writableLength; // the first look makes the pipe one that does not wait
    const block = frame('T', line.repeat(50));
    let kept = 0;
    for (let offered = 0; offered < step.offer; offered += 50) kept += offer(block) ? 50 : 0;
    const lost = step.offer - kept;
    writeFileSync(`${step.told}.new`, String(kept));
    renameSync(`${step.told}.new`, step.told);
    send('L', `tracing_on=1\n0 0 ${lost} 0 0 ${kept}\n`);
  } else if ('file' in step) {
    const text = readFileSync(step.file, 'latin1');
    for (let turn = 0; turn < (step.repeat ?? 1); turn++) sendTrace(text);
  } else if ('counts' in step) {
    send('L', `tracing_on=${step.on ?? 1}\n${step.counts.map((cpu) => `${cpu.join(' ')}\n`).join('')}`);
  } else if ('looks' in step) {
    while (await until('N')) writeAll(readFileSync(step.looks));
  } else if ('refuse' in step) send('E', step.refuse.join('\n'));
  else if ('bye' in step) send('B', `reason=${step.bye[0]}\ninstance=${step.bye[1]}\n`);
  else if ('raw' in step) writeAll(Buffer.from(step.raw, 'base64'));
  else if ('stderr' in step) process.stderr.write(step.stderr);
  else if ('pieces' in step) {
    for (let piece = 1; !requests.includes('Q') && !inputEnded; ) {
      if (existsSync(`${step.pieces}/${piece}`)) sendTrace(readFileSync(`${step.pieces}/${piece++}`, 'latin1'));
      else await setTimeout(2);
      tellCountsEachSecond();
    }
  } else if ('storm' in step) await sendStorm(step.storm, step.perSecond);
  else if ('await' in step) {
    while (!existsSync(step.await) && !requests.includes('Q') && !inputEnded) await setTimeout(5);
  } else if ('until' in step) await until(step.until === 'clear' ? 'C' : 'Q');
  else if ('kill' in step) {
    process.kill(process.pid, step.kill);
    await new Promise(() => {});
  } else if ('exit' in step) process.exit(step.exit);
  tellCounts();
}
process.exit(0);
