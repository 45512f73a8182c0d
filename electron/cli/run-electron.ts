import { spawn } from 'node:child_process';

/** `failed`: it never came up, and something else should be tried. */
export type ElectronEnd =
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** Who lived this long has had a window; what ends it later is no reason to open another. */
const comesUpMs = 5_000;

/**
 * Runs Electron on the program until its window is closed.
 *
 * It may be there and still not start: where unprivileged user namespaces are restricted (Ubuntu 23.10 and later), a
 * copy that no package installed has no sandbox to run in, and ends at once.
 */
export function runElectron(electron: string, appRoot: string, files: readonly string[]): Promise<ElectronEnd> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const started = performance.now();
  const child = spawn(electron, [...sandbox, appRoot, '--', ...files], { stdio: ['inherit', 'inherit', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
    process.stderr.write(text);
  });
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stopped = true;
      child.kill(signal);
    });
  }
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ kind: 'failed', reason: message }));
    child.once('close', (code, signal) => {
      const cameUp = code === 0 || performance.now() - started > comesUpMs;
      if (stopped || cameUp) resolve({ kind: 'closed', code: stopped ? 0 : (code ?? 1) });
      else resolve({ kind: 'failed', reason: firstFatalLine(complaint) ?? signal ?? `exit code ${code}` });
    });
  });
}

function firstFatalLine(complaint: string): string | undefined {
  return complaint
    .split('\n')
    .find((line) => /FATAL|error/i.test(line))
    ?.trim();
}
