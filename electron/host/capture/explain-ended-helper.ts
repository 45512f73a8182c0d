import type { CaptureEnd } from '../../../shared/capture-protocol/capture-progress.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { HelperCommand } from './helper-command.ts';

/** How a helper ended that never said hello, nor refused in words of its own. */
export interface SilentEnd {
  readonly way: HelperCommand['way'];
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The error of starting it at all. */
  readonly startError: NodeJS.ErrnoException | undefined;
  readonly stderr: string;
}

const what = 'Nothing was recorded.';
const byHand = 'Or record on the command line as root: sudo modshark record';

/**
 * Says why a helper ended before its first word.
 *
 * Source: pkexec(1), "RETURN VALUE": 126 dismissed, 127 everything else, which its words on stderr (in English, since it is
 * started with LC_ALL=C) tell apart; src/programs/pkexec.c.
 */
export function explainSilentEnd(silent: SilentEnd): { readonly end: CaptureEnd; readonly problem: Problem } {
  const { way, status, signal, startError, stderr } = silent;
  if (startError !== undefined) {
    const why = startError.code === 'ENOENT' ? 'There is no such program.' : `The system said ${startError.code}.`;
    return {
      end: 'not-started',
      problem: { what, why: `${nameOf(way)} could not be started. ${why}`, remedy: 'See: modshark record --check' },
    };
  }
  if (way === 'pkexec') {
    if (status === 126 && /dismissed/.test(stderr)) return dismissed;
    const known = status === 126 || status === 127 ? pkexecWords.find(({ words }) => words.test(stderr)) : undefined;
    if (known !== undefined) return { end: known.end, problem: { what, why: known.why, remedy: known.remedy } };
  }
  if (way === 'sudo' && /password is required|may not run sudo|not in the sudoers/.test(stderr)) return sudoDenied;
  const how = signal === null ? `with status ${status}` : `by ${signal}`;
  const said = lastLine(stderr);
  return {
    end: 'killed',
    problem: {
      what,
      why: `${nameOf(way)} ended ${how} before the recording began.${said === '' ? '' : ` It said: ${said}`}`,
      remedy: 'See what stands in the way with: modshark record --check',
    },
  };
}

const dismissed = {
  end: 'dismissed',
  problem: {
    what,
    why: 'The question for a password was dismissed.',
    remedy: 'Try again and give the password, or ask somebody who has it.',
  },
} as const;

const sudoDenied = {
  end: 'denied',
  problem: { what, why: 'sudo wants a password, or does not know this user.', remedy: 'Run: sudo modshark record' },
} as const;

const pkexecWords: readonly { words: RegExp; end: CaptureEnd; why: string; remedy: string }[] = [
  {
    words: /No authentication agent found/,
    end: 'no-agent',
    why: 'Nobody is there to ask for the password: this session has no polkit agent.',
    remedy: `Record in a terminal with: modshark record. Or start your desktop’s agent. ${byHand}`,
  },
  {
    words: /Not authorized/,
    end: 'denied',
    why: 'The password was wrong, or a rule of this machine does not let you record.',
    remedy: `Try again with the password of an administrator. ${byHand}`,
  },
  {
    words: /Error (?:getting authority|checking for authorization|registering authentication agent)/,
    end: 'not-started',
    why: 'polkit does not answer.',
    remedy: `Start it: sudo systemctl start polkit. ${byHand}`,
  },
  {
    words: /Error accessing/,
    end: 'not-started',
    why: 'The capture helper is not where it should be, or cannot be run.',
    remedy: 'Install ModShark again; from a source checkout: sudo node build/install-helper.mjs',
  },
  {
    words: /must be setuid root/,
    end: 'not-started',
    why: 'pkexec cannot become root here.',
    remedy: `Start ModShark outside of containers and sandboxes that forbid it. ${byHand}`,
  },
];

/** A recording that broke off without its last frame. */
export function explainKilled(kept: boolean): Problem {
  return {
    what: 'The recording ended early.',
    why: 'The capture helper ended without a word: it was killed, or crashed.',
    remedy: kept
      ? 'What had been recorded is kept. Its trace instance is removed when the next recording starts.'
      : 'Record again.',
  };
}

/** What the helper's `bye` means where nobody asked for an end. */
export function explainBye(reason: string): Problem | undefined {
  const why = byeWords[reason];
  if (why === undefined) return undefined;
  return { what: 'The recording ended early.', why, remedy: 'What had been recorded is kept. Record again.' };
}

const byeWords: Readonly<Record<string, string>> = {
  'pump-killed': 'Somebody killed the process that copies the trace.',
  'stdout-closed': 'Nobody read what the capture helper sent.',
  failed: 'The capture helper could not go on.',
};

/** The machine was suspended while it was recorded. */
export function explainSleep(seconds: number): Problem {
  return {
    what: `The machine slept for ${seconds.toFixed(0)} s.`,
    why: 'The trace clock stands still in suspend: what came before and after follow each other without a gap.',
    remedy: 'The recording goes on. Times of programs and logs differ from here on by that much.',
  };
}

/** An error of the disk that the recording is written to. */
export function explainDisk(path: string, error: NodeJS.ErrnoException, recording: boolean): Problem {
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'The disk is full.',
    EDQUOT: 'Your quota on the disk is used up.',
    EROFS: 'The disk can only be read.',
    EACCES: 'You may not write there.',
    EFBIG: 'The file has become too large.',
    ENOENT: 'There is no such folder.',
    ENOTDIR: 'What should be a folder is a file.',
    EISDIR: 'It is a folder.',
    EPERM: 'The system does not allow it.',
    ENAMETOOLONG: 'The name is too long.',
  };
  return {
    what: recording ? 'The recording ended early.' : what,
    why: `${path} could not be written. ${reasons[error.code ?? ''] ?? `The system said ${error.code}.`}`,
    remedy: `Make room or set XDG_STATE_HOME to a folder elsewhere.${recording ? ' What had been recorded is kept.' : ''}`,
  };
}

function nameOf(way: HelperCommand['way']): string {
  return way === 'root' ? 'The capture helper' : way;
}

/** One line of what a program said, with nothing in it that a terminal obeys. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 300);
}
