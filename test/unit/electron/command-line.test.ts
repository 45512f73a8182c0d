import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../electron/cli/parse-arguments.ts';
import { filesOfCommandLine } from '../../../electron/main/files-of-command-line.ts';

describe('the command line of modshark', () => {
  test.each([
    ['', { kind: 'open', files: [] }],
    ['trace.txt', { kind: 'open', files: ['trace.txt'] }],
    ['-- --odd.txt', { kind: 'open', files: ['--odd.txt'] }],
    ['-- serve', { kind: 'open', files: ['serve'] }],
    ['why vkms --json', { kind: 'why', argv: ['vkms', '--json'] }],
    ['explain vkms trace.txt --json', { kind: 'explain', argv: ['vkms', 'trace.txt', '--json'] }],
    ['explain --help', { kind: 'explain', argv: ['--help'] }],
    ['record -o x.txt vkms', { kind: 'record', argv: ['-o', 'x.txt', 'vkms'] }],
    ['serve', { kind: 'serve', files: [], port: 0, shared: false }],
    ['serve trace.txt --port 8123 --shared', { kind: 'serve', files: ['trace.txt'], port: 8123, shared: true }],
    ['serve --port=1 -- --x', { kind: 'serve', files: ['--x'], port: 1, shared: false }],
    ['serve --help', { kind: 'help' }],
    ['--help', { kind: 'help' }],
    ['-h', { kind: 'help' }],
    ['--version', { kind: 'version' }],
  ])('%j is understood', (line, command) => {
    expect(parseArguments(line.split(' ').filter((word) => word !== ''))).toEqual(command);
  });

  test.each([
    ['--colour', 'unknown option --colour'],
    ['a b', 'one file at a time'],
    ['serve a b', 'one file at a time'],
    ['serve --loud', 'unknown option --loud of serve'],
    ['serve --port', '--port needs a number up to 65535, not nothing'],
    ['serve --port 99999', '--port needs a number up to 65535, not 99999'],
    ['serve --port=-1', '--port needs a number up to 65535, not -1'],
  ])('%j is not, and the reason is told', (line, reason) => {
    expect(parseArguments(line.split(' '))).toEqual({ kind: 'misuse', reason });
  });
});

describe('the command line of Electron', () => {
  test.each([
    [['electron', '/app'], false, []],
    [['electron', '--no-sandbox', '/app', '--', '/tmp/a.txt'], false, ['/tmp/a.txt']],
    [['electron', '/app', '--', '--odd'], false, ['--odd']],
    [['modshark', '/tmp/a.txt'], true, ['/tmp/a.txt']],
    [['modshark', '--ozone-platform=wayland', '/tmp/a.txt'], true, ['/tmp/a.txt']],
    [['modshark'], true, []],
  ])('of %j the files are taken', (argv, isPackaged, files) => {
    expect(filesOfCommandLine(argv, isPackaged)).toEqual(files);
  });
});
