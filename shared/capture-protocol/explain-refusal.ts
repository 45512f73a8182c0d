import type { Problem } from '../problem.ts';

type Explanation = { readonly why: string; readonly remedy: string };

const again = 'Record again; when it happens every time, report it with the words above.';

/** Every code that the helper knows; a test reads them from its source. */
const explanations: Readonly<Record<string, Explanation>> = {
  'not-root': {
    why: 'The capture helper runs without root’s rights.',
    remedy: 'Start the recording from ModShark, or run the helper by sudo or pkexec.',
  },
  'bad-caller': {
    why: 'The environment does not say which user asked.',
    remedy: 'Start the helper by pkexec or sudo, without setting PKEXEC_UID or SUDO_UID yourself.',
  },
  'start-timeout': { why: 'The helper was started, and then asked for nothing.', remedy: again },
  'bad-frame': { why: 'The helper did not understand the request.', remedy: again },
  'bad-version': {
    why: 'ModShark and its capture helper are of different versions.',
    remedy: 'Install the two from the same package.',
  },
  'bad-events': { why: 'No event was chosen.', remedy: 'Choose at least one of load, free, get, put and request.' },
  'bad-flags': { why: 'All modules but none are to be recorded.', remedy: 'Name the modules to leave out.' },
  'bad-buffer': {
    why: 'The buffer has a size that is not allowed.',
    remedy: 'Choose from 64 KiB to 64 MiB for each CPU.',
  },
  'too-many-names': { why: 'More than 256 modules are named.', remedy: 'Name fewer, or record all modules.' },
  'bad-name': {
    why: 'A name is not that of a module.',
    remedy: 'A module’s name has 1 to 55 letters, digits, underscores or dashes.',
  },
  'filter-too-long': {
    why: 'The kernel takes no filter that is long enough for all these names.',
    remedy: 'Name fewer modules, or record all of them.',
  },
  'no-tracefs': {
    why: 'tracefs is not mounted.',
    remedy: 'Mount it: sudo mount -t tracefs nodev /sys/kernel/tracing',
  },
  'tracefs-forbidden': {
    why: 'The kernel is locked down and keeps even root out of tracefs.',
    remedy: 'See /sys/kernel/security/lockdown; Secure Boot often sets it. Record on a machine without it.',
  },
  'no-module-events': {
    why: 'This kernel has no module events.',
    remedy:
      'Use a kernel that is built with loadable modules and event tracing (CONFIG_MODULES, CONFIG_EVENT_TRACING).',
  },
  'instance-failed': {
    why: 'The kernel made no trace buffer for us.',
    remedy: 'Free some memory, or remove other instances under /sys/kernel/tracing/instances.',
  },
  'buffer-refused': { why: 'The kernel has no memory for such a buffer.', remedy: 'Choose a smaller buffer.' },
  'filter-refused': {
    why: 'The kernel did not take the filter word for word.',
    remedy: 'Record all modules, and report it.',
  },
  'trigger-refused': {
    why: 'The kernel did not take the trigger for stack traces.',
    remedy: 'Record without stack traces.',
  },
  'events-refused': { why: 'The kernel did not enable the events.', remedy: again },
  'pipe-failed': { why: 'The trace could not be opened.', remedy: again },
  'stats-failed': { why: 'The counts of lost events could not be opened.', remedy: again },
  'fork-failed': { why: 'No further process could be started.', remedy: 'End some programs and record again.' },
  'drop-failed': {
    why: 'The helper could not give up root for the process that reads the trace, so it did not start it.',
    remedy: 'Run ModShark outside of containers that hide the user.',
  },
  'read-failed': { why: 'The trace could not be read any further.', remedy: again },
  'clear-failed': { why: 'The kernel did not clear the buffer.', remedy: 'The recording goes on; try again.' },
  'bad-request': { why: 'The helper was asked for something it does not do while recording.', remedy: again },
};

/** Says what the helper's code means for a person; `sentence` is what the helper itself said about it. */
export function explainRefusal(code: string, sentence?: string): Problem {
  const known = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  const what = code === 'clear-failed' ? 'The buffer was not cleared.' : 'Nothing could be recorded.';
  const why = known?.why ?? `The capture helper gave a reason that this version does not know (${code.slice(0, 40)}).`;
  return {
    what: code === 'read-failed' || code === 'bad-request' ? 'The recording ended early.' : what,
    why: sentence === undefined ? why : `${why} It said: ${sentence}`,
    remedy: known?.remedy ?? 'Install ModShark and its capture helper from the same package.',
  };
}

/** The codes that are explained. */
export const refusalCodes: readonly string[] = Object.keys(explanations);
