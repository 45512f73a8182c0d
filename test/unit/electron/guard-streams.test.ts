import { expect, test } from 'vitest';
import { guardStreams } from '../../../electron/cli/guard-streams.ts';

/** The exit codes of a command of which one stream fails, and what it says then. */
function failing(stream: 'stdout' | 'stderr', code: string) {
  const exits: (number | undefined)[] = [];
  const heard = new Map<string, (error: NodeJS.ErrnoException) => void>();
  let said = '';
  guardStreams(
    {
      stdout: { on: (_, hear) => heard.set('stdout', hear) },
      stderr: { on: (_, hear) => heard.set('stderr', hear), write: (text) => (said += text) },
      exit: (exit) => exits.push(exit),
    },
    3,
  );
  heard.get(stream)!(Object.assign(new Error('write'), { code }));
  return { exits, said };
}

test('whoever has read enough changes nothing about the answer’s code', () => {
  expect(failing('stdout', 'EPIPE')).toEqual({ exits: [undefined], said: '' });
  expect(failing('stderr', 'EPIPE')).toEqual({ exits: [], said: '' });
  expect(failing('stderr', 'ENOSPC')).toEqual({ exits: [], said: '' });
});

test('an answer that is lost on a full disk is none', () => {
  expect(failing('stdout', 'ENOSPC')).toEqual({
    exits: [3],
    said: 'modshark: what it has to say cannot be written: the disk is full.\n',
  });
});
