import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { locateRecording } from '../../../electron/host/locate-recording.ts';
import { printSession } from '../../../shared/session/print-session.ts';
import type { SessionRecording } from '../../../shared/session/session.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const content = 'a recording';
const sha256 = createHash('sha256').update(content).digest('hex');

describe('the recording of a session', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  async function locate(recording: Partial<SessionRecording>) {
    const session = join(folder, 'one.modshark.json');
    await writeFile(
      session,
      printSession({
        recording: { name: 'r.txt', path: undefined, sha256: undefined, ...recording },
        view: { window: undefined, cursor: undefined, module: undefined, order: [], pinned: [], hidden: [] },
        filter: '',
        markers: { a: undefined, b: undefined },
        notes: [],
      }),
    );
    return locateRecording(session);
  }

  test('is where the session says, by an absolute path or one from the session’s folder', async () => {
    await mkdir(join(folder, 'deep'));
    const path = join(folder, 'deep/r.txt');
    await writeFile(path, content);
    expect(await locate({ path, sha256 })).toEqual({ state: 'found', path });
    expect(await locate({ path: 'deep/r.txt', sha256 })).toEqual({ state: 'found', path });
  });

  test('is beside the session when it is not there any more', async () => {
    await writeFile(join(folder, 'r.txt'), content);
    expect(await locate({ path: '/nowhere/r.txt', sha256 })).toEqual({ state: 'found', path: join(folder, 'r.txt') });
    expect(await locate({ sha256 })).toEqual({ state: 'found', path: join(folder, 'r.txt') });
  });

  test('that has changed gives way to one of the right content, and is said to differ where there is none', async () => {
    const changed = join(folder, 'changed');
    await mkdir(changed);
    await writeFile(join(changed, 'r.txt'), 'something else');
    expect(await locate({ path: 'changed/r.txt', sha256 })).toEqual({ state: 'differs', path: join(changed, 'r.txt') });
    await writeFile(join(folder, 'r.txt'), content);
    expect(await locate({ path: 'changed/r.txt', sha256 })).toEqual({ state: 'found', path: join(folder, 'r.txt') });
  });

  test('that is nowhere is missing, and a folder or a device is none', async () => {
    await mkdir(join(folder, 'r.txt'));
    expect(await locate({ path: '/dev/zero' })).toEqual({ state: 'missing', path: '/dev/zero' });
    expect(await locate({ name: '../../etc/passwd', path: undefined, sha256 })).toEqual({
      state: 'missing',
      path: '../../etc/passwd',
    });
  });

  test('is asked of a file that is no session, and the answer is why not', async () => {
    const wrong = join(folder, 'wrong.modshark.json');
    await writeFile(wrong, '[]');
    expect(await locateRecording(wrong)).toMatchObject({ problem: { what: 'This is no session of ModShark.' } });
    const link = join(folder, 'link.modshark.json');
    await symlink('/nowhere', link);
    expect(await locateRecording(link)).toMatchObject({ problem: { why: 'There is no such file.' } });
  });
});
