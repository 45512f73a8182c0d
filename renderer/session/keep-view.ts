import { parseSession } from '../../shared/session/parse-session.ts';
import { printSession } from '../../shared/session/print-session.ts';
import { beginWork } from '../state/activity.ts';
import { type OpenRecording, type State, useStore } from '../state/store.ts';
import { applySession } from './apply-session.ts';
import { describeSession } from './describe-session.ts';

const KEY = 'modshark.view';
/** Panning changes the view with every frame; only where it comes to rest is of interest. */
const QUIET_MS = 150;

interface KeptView {
  /** Which recording it is a view of. */
  readonly recording: string;
  readonly ticket: string | undefined;
  readonly name: string;
  readonly session: string;
}

/** What was open before the page was loaded again; taken up once. */
let before = readKept();

/** The file to open again after a reload: the host's ticket and its name. */
export function recallOpened(): { readonly ticket: string; readonly name: string } | undefined {
  return before?.ticket === undefined ? undefined : { ticket: before.ticket, name: before.name };
}

/** Shows a recording as it was shown before the page was loaded again; tells whether it was. */
export async function recallView(recording: OpenRecording): Promise<boolean> {
  const kept = before;
  before = undefined;
  if (kept === undefined || kept.recording !== describe(recording)) return false;
  const outcome = parseSession(kept.session);
  if (outcome.ok) await applySession(outcome.session);
  return outcome.ok;
}

/** Keeps the view of the open recording for as long as the tab is there. */
export function keepView(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended: (() => void) | undefined;
  const write = () => {
    clearTimeout(timer);
    ended?.();
    ended = undefined;
    writeKept(useStore.getState());
  };
  useStore.subscribe((state, old) => {
    const same = (
      [
        'recording',
        'window',
        'cursor',
        'module',
        'tracks',
        'filterText',
        'markers',
        'notes',
        'commands',
        'keptCommands',
      ] as const
    ).every((name) => state[name] === old[name]);
    if (same) return;
    ended ??= beginWork();
    clearTimeout(timer);
    timer = setTimeout(write, QUIET_MS);
  });
  window.addEventListener('pagehide', () => {
    if (ended !== undefined) write();
  });
}

function writeKept(state: State): void {
  const { recording } = state;
  try {
    if (recording === undefined) {
      sessionStorage.removeItem(KEY);
      return;
    }
    const session = printSession(describeSession(state, { path: undefined, sha256: undefined }));
    const kept: KeptView = {
      recording: describe(recording),
      ticket: recording.ticket,
      name: recording.summary.name,
      session,
    };
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // The storage is full or forbidden: a reload then starts afresh, which is no fault to tell of.
  }
}

function readKept(): KeptView | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as KeptView | null;
    return kept === null || typeof kept.session !== 'string' ? undefined : kept;
  } catch {
    return undefined;
  }
}

/** Tells one recording from another well enough for one tab, whichever of its trace buffers is looked at. */
function describe({ summary }: OpenRecording): string {
  return [summary.name, summary.lines.total, ...summary.buffers].join(' ');
}
