import { type HostClient, RequestFailure } from '../../shared/ipc/client.ts';
import { reportFault } from '../state/report-fault.ts';
import type { Screen, ScreenEvents } from './screen.ts';

/** One terminal of the host and its screen. It lasts as long as the terminal, whatever tab is shown. */
export interface TerminalLine {
  /** Names the host's terminal, as soon as that is known. */
  bind(terminal: number): void;
  receive(bytes: Uint8Array, replay: boolean): void;
  /** Types for the person. */
  type(text: string): void;
  /** Makes its screen, where there is none yet. */
  prepare(): Promise<Screen>;
  /** Resolves when something was printed. */
  readonly spoke: Promise<void>;
  readonly screen: Screen | undefined;
  /** The terminal is gone; what it showed stays. */
  end(): void;
  dispose(): void;
}

export type MakeScreen = (events: ScreenEvents) => Promise<Screen>;

/** What is typed goes out in pieces of this many characters. */
const PIECE = 4_096;
/** What has been shown is acknowledged in steps of this size. */
const STEP_BYTES = 128 * 1024;

export function createTerminalLine(
  host: HostClient,
  makeScreen: MakeScreen,
  events: Pick<ScreenEvents, 'theme' | 'copied' | 'searched'>,
): TerminalLine {
  let terminal: number | undefined;
  let open = true;
  let making: Promise<Screen> | undefined;
  let screen: Screen | undefined;
  const early: { readonly bytes: Uint8Array; readonly replay: boolean }[] = [];
  let shownBytes = 0;
  let acknowledgedBytes = 0;
  let speak = () => {};
  const spoke = new Promise<void>((resolve) => {
    speak = resolve;
  });
  let outgoing = '';
  let sending = false;

  const present = (made: Screen, bytes: Uint8Array, replay: boolean) =>
    made.show(bytes, replay, () => {
      shownBytes += bytes.length;
      if (shownBytes - acknowledgedBytes < STEP_BYTES || terminal === undefined) return;
      acknowledgedBytes = shownBytes;
      host.request('terminal.acknowledge', { terminal, bytes: shownBytes }).catch(tell);
    });

  async function send(): Promise<void> {
    if (sending || terminal === undefined) return;
    sending = true;
    try {
      // In order: the next piece goes when the kernel has taken the one before.
      while (outgoing !== '' && open) {
        const piece = firstPiece(outgoing);
        outgoing = outgoing.slice(piece.length);
        await host.request('terminal.write', { terminal, text: piece });
      }
    } catch (fault) {
      outgoing = '';
      tell(fault);
    } finally {
      sending = false;
    }
  }

  return {
    bind(given) {
      terminal = given;
      if (screen?.place) host.request('terminal.resize', { terminal, ...screen.size }).catch(tell);
      void send();
    },
    receive(bytes, replay) {
      speak();
      if (screen !== undefined) return present(screen, bytes, replay);
      early.push({ bytes, replay });
      this.prepare().catch(tell);
    },
    type(text) {
      if (!open) return;
      outgoing += text;
      void send();
    },
    async prepare() {
      making ??= makeScreen({
        ...events,
        typed: (text) => this.type(text),
        resized: (columns, rows) => {
          if (terminal !== undefined && open) host.request('terminal.resize', { terminal, columns, rows }).catch(tell);
        },
      });
      const made = await making;
      if (screen === undefined) {
        screen = made;
        for (const { bytes, replay } of early.splice(0)) present(made, bytes, replay);
      }
      return made;
    },
    spoke,
    get screen() {
      return screen;
    },
    end() {
      open = false;
    },
    dispose() {
      open = false;
      void making?.then((made) => made.dispose());
    },
  };
}

/** Not in the middle of a surrogate pair. */
function firstPiece(text: string): string {
  const last = text.charCodeAt(PIECE - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? PIECE - 1 : PIECE);
}

/** A host that is gone is told of elsewhere. */
function tell(fault: unknown): void {
  if (!(fault instanceof RequestFailure && fault.reason === 'closed')) reportFault(fault);
}
