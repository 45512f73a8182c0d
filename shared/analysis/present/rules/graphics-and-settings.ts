import type { SnapshotIndex } from '../index-snapshot.ts';
import type { ReleaseWay } from '../present-accounting.ts';
import { quoteShell } from '../quote-shell.ts';
import type { Found, ReferenceRule } from '../reference-rule.ts';
import { keysOfOpenFiles } from './device-files.ts';
import { findFramebufferDriver, findFramebufferOwner } from './find-served.ts';

/** `/sys/class/vtconsole/vtcon1`: name `(M) frame buffer device`, bind `1`. */
function* findConsoles(index: SnapshotIndex): Generator<Found> {
  const framebuffers = index.matching(/\/sys\/class\/graphics\/fb\d+\/name/).map(({ text }) => text.trim());
  for (const { match, text } of index.matching(/(\/sys\/class\/vtconsole\/(vtcon\d+))\/bind/)) {
    const name = index.text(`${match[1]}/name`)?.trim() ?? '';
    if (text.trim() !== '1' || !/frame buffer device/.test(name)) continue;
    for (const [place, framebuffer] of framebuffers.entries()) {
      const owner = findFramebufferOwner(index, framebuffer);
      if (owner === undefined) continue;
      const driver = findFramebufferDriver(index, framebuffer);
      yield {
        thing: `${match[2]} ${framebuffer}`,
        name: match[2]!,
        object: `${match[2]} on ${framebuffer}`,
        pids: [],
        // Which of several it is drawn on is not told: mostly the first (con2fb_map).
        counts: [{ ...owner, references: place === 0 ? 1 : 0, ...(place === 0 ? {} : { more: 1 }) }],
        evidence: [`${match[0]} is 1: the text console is drawn on the framebuffer ${framebuffer}`],
        // What a helper emulates ends with the driver that it does it for.
        ...(driver === undefined || driver === owner.module
          ? { ways: [unbind(match[2]!, match[0])] }
          : { endsWith: [driver], ways: [] }),
      };
    }
  }
}

/** The kernel’s own client of a graphics card, which draws the console: of a helper, for drivers that leave it to one. */
function* findClients(index: SnapshotIndex): Generator<Found> {
  // Helpers of newer ones were seen to be held by the console alone.
  if (index.kernelAtLeast(6, 11)) return;
  for (const { match, text } of index.matching(/\/sys\/class\/graphics\/(fb\d+)\/name/)) {
    const name = text.trim();
    const owner = /drm(fb)?$/.test(name) ? findFramebufferOwner(index, name) : undefined;
    if (owner === undefined) continue;
    const driver = findFramebufferDriver(index, name);
    const own = driver === owner.module;
    yield {
      thing: match[1]!,
      name: match[1]!,
      object: `${match[1]} (${name})`,
      pids: [],
      // Drivers with a framebuffer of their own became clients one by one.
      counts: [{ module: owner.module, references: own ? 0 : 1, more: own ? 1 : 0, confidence: owner.confidence }],
      evidence: [`${match[0]} is ${name}`],
      endsWith: own || driver === undefined ? [] : [driver],
      ways: [],
    };
  }
}

function unbind(name: string, path: string): ReleaseWay {
  return {
    title: `Unbind ${name} from the framebuffer`,
    command: `echo 0 > ${quoteShell(path)}`,
    consequence: 'the text consoles of this screen stay dark',
  };
}

/** HD audio: each codec holds its driver, and the controller the driver of the graphics card that its HDMI is on. */
function* findAudio(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/\/sys\/bus\/hdaudio\/devices\/([^/]+)\/driver\/module/)) {
    const module = index.module(text.trim().split('/').at(-1));
    if (module === undefined) continue;
    yield {
      thing: match[1]!,
      name: match[1]!,
      object: `codec ${match[1]}`,
      noun: 'codec',
      pids: [],
      counts: [{ module, references: 1, confidence: 'medium' }],
      evidence: [`${match[0]} points to ${module}`],
      endsWith: ['snd_hda_intel', 'snd_sof_pci'].filter((name) => index.modules.has(name)),
      ways: [],
    };
  }
  const controller = ['snd_hda_intel', 'snd_sof_intel_hda_common', 'snd_sof_pci'].find((name) =>
    index.modules.has(name),
  );
  const hdmi = index
    .matching(/\/sys\/bus\/hdaudio\/devices\/([^/]+)\/driver\/module/)
    .find(({ text }) => /hdmi/.test(text.trim().split('/').at(-1) ?? ''));
  for (const name of ['i915', 'xe']) {
    const module = index.module(name);
    if (module === undefined || controller === undefined || hdmi === undefined) continue;
    yield {
      thing: `component ${name}`,
      name: controller,
      object: 'sound over the graphics card',
      noun: 'audio component',
      pids: [],
      counts: [{ module, references: 1, confidence: 'medium' }],
      evidence: [`${controller} drives sound over HDMI (${hdmi.match[1]}), which binds to ${name}`],
      endsWith: [controller],
      ways: [],
    };
  }
}

function* findArmed(index: SnapshotIndex): Generator<Found> {
  const softdog = index.module('softdog');
  for (const { match, text } of index.matching(/(\/sys\/class\/watchdog\/(watchdog\d+))\/state/)) {
    if (softdog === undefined || text.trim() !== 'active') continue;
    if (index.text(`${match[1]}/identity`)?.trim() !== 'Software Watchdog') continue;
    const nowayout = index.text(`${match[1]}/nowayout`)?.trim() === '1';
    yield {
      thing: match[2]!,
      name: match[2]!,
      object: `/dev/${match[2]}`,
      pids: [],
      // One by its timer; and newer kernels leave that of the open file, as of any hardware that runs on (watchdog_release).
      counts: [{ module: softdog, references: 1, more: 1, confidence: 'certain' }],
      evidence: [`${match[0]} is active: its timer runs`],
      // Only one at a time may have it open, whoever disarms it too.
      after: [
        ...keysOfOpenFiles(index, 'watchdog', match[2]!),
        ...(match[2] === 'watchdog0' ? keysOfOpenFiles(index, 'misc', 'watchdog') : []),
      ],
      ways: nowayout
        ? [{ title: 'Nothing: it was made to run for ever (nowayout)', command: undefined, consequence: '' }]
        : [
            {
              title: 'Disarm the watchdog',
              command: `printf V > /dev/${match[2]}`,
              consequence: 'nobody reboots a machine that hangs',
            },
          ],
    };
  }
}

/** Settings that name a module’s registration in a file of /sys, and hold it for that. */
function* findChosen(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/\/sys\/devices\/system\/cpu\/cpufreq\/(policy\d+)\/scaling_governor/)) {
    const module = index.module(`cpufreq_${text.trim()}`) ?? index.module(`governor_${text.trim()}`);
    if (module === undefined) continue;
    yield {
      thing: `governor ${match[1]}`,
      name: match[1]!,
      object: match[0],
      noun: 'CPU frequency policy',
      pids: [],
      counts: [{ module, references: 1, confidence: 'certain' }],
      evidence: [`${match[0]} is ${text.trim()}`],
      ways: [
        {
          title: `Use another governor for ${match[1]}`,
          // Built into nearly every kernel, each of them; the one that it has already would change nothing.
          command: `echo ${text.trim() === 'performance' ? 'schedutil' : 'performance'} > ${quoteShell(match[0])}`,
          consequence:
            text.trim() === 'performance' ? 'the processor is slower at times' : 'the processor saves less energy',
        },
      ],
    };
  }
  for (const { match, text } of index.matching(/\/sys\/kernel\/livepatch\/([^/]+)\/enabled/)) {
    const module = index.module(match[1]);
    if (module === undefined) continue;
    // One that is disabled goes when the last process has left what it put in, and the file with it; before 5.1 the file stayed
    // (klp_complete_transition).
    const enabled = text.trim() === '1';
    if (!enabled && !index.kernelAtLeast(5, 1)) continue;
    yield {
      thing: `livepatch ${module}`,
      name: module,
      object: match[0],
      noun: 'live patch',
      pids: [],
      counts: [{ module, references: 1, confidence: 'certain' }],
      evidence: [enabled ? `${match[0]} is 1` : `${match[0]} is 0, and it is not gone yet: a process is still in it`],
      ways: [
        enabled
          ? {
              title: `Disable the patch ${module}`,
              command: `echo 0 > ${quoteShell(match[0])}`,
              consequence: 'what it repaired is broken again; it ends when no process is in it any more',
            }
          : {
              title: `End what is still in the patch ${module}, or wait for it: grep -l 1 /proc/[0-9]*/task/*/patch_state`,
              command: undefined,
              consequence: '',
            },
      ],
    };
  }
  for (const { match, text } of index.matching(
    /\/sys\/devices\/system\/clocksource\/clocksource0\/current_clocksource/,
  )) {
    const module = index.module(text.trim());
    if (module === undefined) continue;
    // One that there is not is refused without a word.
    const other = (index.text(match[0].replace('current', 'available')) ?? '')
      .split(/\s+/)
      .find((name) => /^[\w-]+$/.test(name) && name !== text.trim());
    yield {
      thing: 'clocksource',
      name: text.trim(),
      object: match[0],
      noun: 'clock source',
      pids: [],
      counts: [{ module, references: 1, confidence: 'high' }],
      evidence: [`${match[0]} is ${text.trim()}`],
      ways: [
        {
          title: other === undefined ? 'Load another clock source, for there is no other' : 'Use another clock source',
          command: other === undefined ? undefined : `echo ${other} > ${quoteShell(match[0])}`,
          consequence: '',
        },
      ],
    };
  }
}

type Row = Omit<ReferenceRule, 'find'>;
const rule = (row: Row, find: ReferenceRule['find']): ReferenceRule => ({ ...row, find });

/** Consoles, sound on graphics cards, watchdogs, governors: what a setting or a device holds without a program. */
export const settingRules: readonly ReferenceRule[] = [
  rule(
    {
      id: 'console',
      kind: 'console',
      meaning: 'The text console is drawn on this framebuffer.',
      release: 'Unbind the console.',
      source: 'fbcon_open',
      stage: 4,
    },
    findConsoles,
  ),
  rule(
    {
      id: 'drm-client',
      kind: 'drm-client',
      meaning: 'The kernel itself draws the text console on this card.',
      release: 'Unload the driver of the card.',
      source: 'drm_client_init',
      stage: 4,
    },
    findClients,
  ),
  rule(
    {
      id: 'audio-component',
      kind: 'device-resource',
      meaning: 'The sound controller holds it for as long as it is bound.',
      release: 'Unload the driver of the sound controller.',
      source: 'hdac_component_master_bind, snd_hda_codec_configure',
      stage: 5,
    },
    findAudio,
  ),
  rule(
    {
      id: 'watchdog-armed',
      kind: 'watchdog-armed',
      meaning: 'The watchdog is armed: closing it without saying so leaves its timer running.',
      release: 'Disarm it.',
      source: 'softdog_ping',
      stage: 4,
    },
    findArmed,
  ),
  rule(
    {
      id: 'setting',
      kind: 'cpufreq-governor',
      meaning: 'A setting of the system has chosen it.',
      release: 'Choose another one.',
      source: 'cpufreq_init_governor, klp_enable_patch, clocksource_select',
      stage: 4,
    },
    findChosen,
  ),
];
