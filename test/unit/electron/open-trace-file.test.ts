import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeFileError, openTraceFile } from '../../../electron/host/open-trace-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function reasonFor(path: string): Promise<string> {
  const opened = await openTraceFile(path);
  if (opened.ok) {
    await opened.file.close();
    return 'opened';
  }
  expect(opened.problem.what).toContain(path);
  expect(opened.problem.remedy).not.toBe('');
  return opened.problem.why;
}

describe('opening a file', () => {
  test('a regular file is opened, with its size', async () => {
    const path = join(await temporaryFolder(), 'trace.txt');
    await writeFile(path, '12345');
    const opened = await openTraceFile(path);
    expect(opened.ok && opened.bytes).toBe(5);
    if (opened.ok) await opened.file.close();
  });

  test('what cannot be one says why', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'file'), '');
    await symlink('loop', join(folder, 'loop'));
    expect(await reasonFor(join(folder, 'missing'))).toBe('There is no such file.');
    expect(await reasonFor(join(folder, 'file', 'below'))).toBe('A part of its path is no folder.');
    expect(await reasonFor(join(folder, 'folder'))).toBe('It is a folder.');
    expect(await reasonFor(join(folder, 'loop'))).toBe('Its symbolic links go round in a circle.');
    expect(await reasonFor(join(folder, 'x'.repeat(300)))).toBe('The name is too long.');
    expect(await reasonFor('/dev/zero')).toBe('It is a pipe, socket or device, not a file.');
  });

  test('a pipe without a writer does not make it wait', async () => {
    const path = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    expect(await reasonFor(path)).toBe('It is a pipe, socket or device, not a file.');
  });

  test('a socket is no file', async () => {
    const path = join(await temporaryFolder(), 'socket');
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await reasonFor(path)).toBe('It is a socket or device, not a recording.');
  });

  test('a file of somebody else says how to get a copy', async () => {
    const path = join(await temporaryFolder(), 'secret');
    await writeFile(path, '');
    await chmod(path, 0);
    // Root may read everything, so a root that tests becomes nobody for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await reasonFor(path)).toBe('You may not read it.');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('a refusal and a silent live pipe are put in words', () => {
    expect(describeFileError('/x', Object.assign(new Error(), { code: 'EACCES' })).remedy).toContain('sudo cp');
    expect(describeFileError('/x', Object.assign(new Error(), { code: 'EAGAIN' })).remedy).toContain('cat trace_pipe');
    expect(describeFileError('/x', new Error('odd')).why).toBe('The system said: odd.');
  });
});
