import { expect, test } from 'vitest';
import { createRandom } from './support/create-random.ts';
import { makeFakeSystem } from './support/make-fake-system.ts';
import { takeLook } from './support/take-look.ts';

/** What the helper reads itself, rather than only copying it. */
const files = [
  ...['proc/modules', 'proc/100/stat', 'proc/100/status', 'proc/100/cgroup', 'proc/100/maps', 'proc/100/mountinfo'],
  ...['proc/100/fdinfo/3', 'proc/100/fdinfo/4', 'proc/101/stat', 'proc/101/maps', 'proc/sys/kernel/osrelease'],
  ...['sys/module/vkms/refcnt', 'sys/module/x/initstate', 'sys/block/sda/dev', 'sys/block/sda/loop/backing_file'],
  ...['proc/self/mountinfo', 'sys/class/net/eth0/uevent', 'proc/101/map_files/1-2.look', 'proc/100/fd/3.look'],
];

const words = [
  ...[
    '(',
    ')',
    ') ',
    ' - ',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\0',
    '\t',
    ':',
    '::',
    '-',
    '/',
    '//',
    '..',
    '*',
    '%s%n',
    '\xff\xfe',
    '\x1b[2J',
  ],
  ...[
    '0',
    '1',
    '-1',
    '4294967295',
    '18446744073709551616',
    '99999999999999999999999',
    '0x10',
    '8:1',
    '0:5',
    '1-2',
    '7f00-7f01',
  ],
  ...[
    'Uid:\t0',
    '\nUid:\t',
    'flags:\t02\n',
    'pos:\t0\n',
    'ino:',
    'r--s',
    'ext4',
    'debugfs',
    '/dev/dri/card0',
    '/dmabuf:',
    'nf_tables 1 5',
  ],
  ...[
    'x'.repeat(300),
    'y'.repeat(5000),
    '(deleted)',
    '21 1 8:1 / / rw - ext4 a b\n',
    '100644 8:1 77 0:0 21',
    '20666 0:5 107 226:0 23',
  ],
];

test('200 systems that say nonsense: no fault, no hang, and what is sound is told', async () => {
  const random = createRandom(20_260_202);
  for (let done = 0; done < 200; done++) {
    const system = makeFakeSystem();
    const file = (fd: number) => ({
      fd,
      link: words[random(words.length)]!.replaceAll('\0', '').slice(0, 4000) || '/',
      look: '20666 0:5 107 226:0 23',
      open: fd,
    });
    system.process(100, { files: [file(3), file(4)] });
    system.process(101, { files: [file(3)] });
    for (const path of files) {
      if (random(2) === 0) continue;
      system.write(path, Array.from({ length: random(12) }, () => words[random(words.length)]).join(''));
    }
    const { result, status, stderr, failure } = await takeLook(system.path);
    expect({ result, status, stderr, failure }).toEqual({ result: 'done', status: 0, stderr: '', failure: undefined });
    system.remove();
  }
}, 300_000);
