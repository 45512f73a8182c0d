import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { servePageFile } from '../../../electron/host/serve-page-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the page’s folder', () => {
  let folder: string;
  beforeEach(async () => {
    const parent = await temporaryFolder();
    folder = join(parent, 'page');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(parent, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'index.html'), '<p>page');
    await writeFile(join(folder, 'assets/index-B_x-1.js'), 'script');
    await writeFile(join(folder, 'assets/program.exe'), 'no known type');
    await writeFile(join(folder, '.hidden.txt'), 'hidden');
    await symlink(join(parent, 'secret.txt'), join(folder, 'link.txt'));
    await symlink(parent, join(folder, 'up'));
  });

  test('its files are served with their type and the policy', async () => {
    const page = await servePageFile(folder, '/');
    expect([page.status, String(page.body)]).toEqual([200, '<p>page']);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect((await servePageFile(folder, '/assets/index-B_x-1.js')).headers['content-type']).toMatch(/javascript/);
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '//secret.txt',
    '/..\\secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/.hidden.txt',
    '/assets',
    '/assets/',
    '/assets/program.exe',
    '/missing.js',
    '/index.html\0.js',
    '',
    'index.html',
    '/etc/passwd',
  ])('%j is not found', async (path) => {
    const { status, body } = await servePageFile(folder, path);
    expect([status, String(body)]).toEqual([404, 'not found\n']);
  });
});
