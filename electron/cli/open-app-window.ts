import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A browser that shows nothing but ModShark. */
export interface AppWindow {
  /** Settles when the window was closed; rejects when the browser could not be started. */
  readonly closed: Promise<void>;
  close(): void;
}

/**
 * Opens an address as a window of its own. The browser gets a profile of its own: the process then lives exactly as
 * long as the window, and neither extensions nor history of the user meet the page.
 */
export function openAppWindow(browser: string, address: string, say: (line: string) => void): AppWindow {
  const profile = mkdtempSync(join(profileParent(browser), 'modshark-'));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) say('Running as root: the browser runs without its sandbox (--no-sandbox).');
  const child = spawn(
    browser,
    [
      `--app=${address}`,
      `--user-data-dir=${profile}`,
      '--window-size=1280,840',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // --test-type: without a yellow bar that says again what was said above.
      ...(asRoot ? ['--no-sandbox', '--test-type'] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const complaint = keepTail(child);
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0 || signal !== null) resolve();
      else reject(new Error(`${browser} ended with ${code}.\n${complaint()}`));
    });
  }).finally(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  return { closed, close: () => void child.kill('SIGTERM') };
}

/** A browser packed as a snap sees neither /tmp nor the hidden folders of the home, only its own. */
function profileParent(browser: string): string {
  const own = join(homedir(), 'snap/chromium/common');
  const isSnap =
    browser.startsWith('/snap/') || (browser.endsWith('/chromium-browser') && existsSync('/snap/bin/chromium'));
  if (!isSnap) return tmpdir();
  mkdirSync(own, { recursive: true });
  return own;
}

/** The last lines of what it wrote to stderr. */
function keepTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-2000);
  });
  return () => tail.trim();
}
