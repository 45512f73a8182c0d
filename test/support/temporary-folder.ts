import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder for one test. */
export async function temporaryFolder(): Promise<string> {
  const { folder, end } = await makeFolder();
  onTestFinished(end);
  return folder;
}

/** A folder for as long as somebody needs it. */
export async function makeFolder(): Promise<{ readonly folder: string; end(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'modshark-'));
  return { folder, end: () => rm(folder, { recursive: true, force: true }) };
}
