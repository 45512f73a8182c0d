import type { CaptureProgress } from '../../shared/capture-protocol/capture-progress.ts';
import type { CaptureEnded, CaptureState, LeftCapture, Preflight } from '../../shared/ipc/capture-contract.ts';
import type { Problem } from '../../shared/problem.ts';

/** A message about the recording that is being made, or was. */
export interface CaptureMessage {
  readonly id: number;
  readonly kind: 'good' | 'bad';
  readonly problem: Problem;
}

/** The live recording of this host. */
export interface CaptureSlice {
  /** What stands in the way, as it was found last; undefined while nobody has looked. */
  readonly preflight: Preflight | undefined;
  /** The recording that is being made, or that nobody has saved yet. */
  readonly capture: CaptureState | undefined;
  /** `performance.now()` of its latest news. */
  readonly captureHeard: number;
  readonly captureMessages: readonly CaptureMessage[];
  /** Recordings that a crash left, or that nobody saved. */
  readonly leftCaptures: readonly LeftCapture[];
  /** Whether the list of what stands in the way is open. */
  readonly preflightOpen: boolean;
  showPreflight(preflight: Preflight): void;
  openPreflight(open: boolean): void;
  /** Undefined when it is saved, discarded, or never came to be. */
  showCapture(capture: CaptureState | undefined): void;
  hearProgress(capture: number, progress: CaptureProgress): void;
  hearNotice(capture: number, notice: Problem): void;
  hearEnd(capture: number, progress: CaptureProgress, ended: CaptureEnded): void;
  sayOfCapture(kind: CaptureMessage['kind'], problem: Problem): void;
  dismissMessage(id: number): void;
  markCopied(capture: number): void;
  showLeft(left: readonly LeftCapture[]): void;
}

/** As many as fit on the screen; the newest count. */
const MOST_MESSAGES = 5;

export function createCaptureSlice(
  set: (change: Partial<CaptureSlice>) => void,
  get: () => CaptureSlice,
): CaptureSlice {
  let nextId = 1;
  const add = (messages: readonly CaptureMessage[], kind: CaptureMessage['kind'], problem: Problem) =>
    [...messages, { id: nextId++, kind, problem }].slice(-MOST_MESSAGES);
  const mine = (capture: number) => {
    const { capture: known } = get();
    return known?.capture === capture ? known : undefined;
  };
  const now = () => performance.now();

  return {
    preflight: undefined,
    preflightOpen: false,
    capture: undefined,
    captureHeard: 0,
    captureMessages: [],
    leftCaptures: [],
    showPreflight: (preflight) => set({ preflight }),
    openPreflight: (preflightOpen) => set({ preflightOpen }),
    showCapture(capture) {
      const another = capture?.capture !== get().capture?.capture;
      const told = (capture?.notices ?? []).reduce<readonly CaptureMessage[]>(
        (messages, notice) => add(messages, 'bad', notice),
        [],
      );
      const problem = capture?.ended?.problem;
      set({
        capture,
        captureHeard: now(),
        ...(another && capture !== undefined
          ? { captureMessages: problem === undefined ? told : add(told, 'bad', problem) }
          : {}),
      });
    },
    hearProgress(capture, progress) {
      const known = mine(capture);
      if (known !== undefined) set({ capture: { ...known, progress }, captureHeard: now() });
    },
    hearNotice(capture, notice) {
      if (mine(capture) !== undefined) set({ captureMessages: add(get().captureMessages, 'bad', notice) });
    },
    hearEnd(capture, progress, ended) {
      const known = mine(capture);
      if (known === undefined) return;
      const messages = get().captureMessages;
      set({
        // What left nothing is gone on the host, too.
        capture: ended.kept ? { ...known, progress, ended } : undefined,
        captureHeard: now(),
        captureMessages: ended.problem === undefined ? messages : add(messages, 'bad', ended.problem),
      });
    },
    sayOfCapture: (kind, problem) => set({ captureMessages: add(get().captureMessages, kind, problem) }),
    dismissMessage: (id) => set({ captureMessages: get().captureMessages.filter((message) => message.id !== id) }),
    markCopied(capture) {
      const known = mine(capture);
      if (known !== undefined) set({ capture: { ...known, saved: true } });
    },
    showLeft: (leftCaptures) => set({ leftCaptures }),
  };
}

/** Whether a recording is being made, or about to be. */
export function isRecording({ capture }: Pick<CaptureSlice, 'capture'>): boolean {
  return capture !== undefined && capture.ended === undefined;
}
