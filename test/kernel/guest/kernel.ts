import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

export const tracefs = '/sys/kernel/tracing';

/** Runs a program; its status and what it wrote. */
export function run(command: string, ...argv: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, argv, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, output: `${stdout}${stderr}` };
}

/** Runs a program that must not fail. */
export function must(command: string, ...argv: string[]): void {
  const { status, output } = run(command, ...argv);
  if (status !== 0) throw new Error(`${command} ${argv.join(' ')}: ${output}`);
}

export const modprobe = (...argv: string[]) => must('/sbin/modprobe', ...argv);

/** What lsmod would say; undefined when the module is not loaded. */
export function refcountOf(module: string): number | undefined {
  const path = `/sys/module/${module}/refcnt`;
  return existsSync(path) ? Number(readFileSync(path, 'latin1')) : undefined;
}

export const readTrace = (file: string) => readFileSync(`${tracefs}/${file}`, 'latin1');
export const writeTrace = (file: string, text: string) => writeFileSync(`${tracefs}/${file}`, text);

/** The instances that there are; none where a locked-down kernel has no such folder. */
export function instanceNames(): string[] {
  const folder = `${tracefs}/instances`;
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Waits until something is so, looking again and again; fails after a while. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const until = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > until) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether the kernel is of this version or newer. */
export function kernelAtLeast(major: number, minor: number): boolean {
  const [own, release] = readFileSync('/proc/sys/kernel/osrelease', 'latin1').split('.').map(Number);
  return own! > major || (own === major && release! >= minor);
}
