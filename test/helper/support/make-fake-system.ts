import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files that look like /proc and /sys to the helper; what only a kernel knows of a file stands beside it (c/fake-kernel.c). */
export interface FakeSystem {
  readonly path: string;
  write(file: string, content: string | Uint8Array): void;
  link(file: string, target: string | Buffer): void;
  process(pid: number, facts?: FakeProcess): void;
  /** Every name in the tree, to be compared. */
  names(): readonly string[];
  remove(): void;
}

export interface FakeProcess {
  readonly comm?: string | Buffer;
  readonly user?: number;
  readonly threads?: readonly number[];
  readonly mounts?: number;
  readonly network?: number;
  readonly files?: readonly FakeFile[];
  readonly maps?: string;
  readonly mountinfo?: string;
}

export interface FakeFile {
  readonly fd: number;
  readonly link: string | Buffer;
  /** Mode in octal, filesystem, inode, device and mount: `20666 0:5 107 226:0 23`. */
  readonly look?: string;
  /** Which open file it is. */
  readonly open?: number;
  readonly info?: string;
  readonly protocol?: string;
}

/** A directory, a device node and a plain file, as `look` says it. */
export const looks = {
  card: '20666 0:5 107 226:0 23',
  root: '40755 8:1 2 0:0 21',
  file: '100644 8:1 77 0:0 21',
} as const;

const mounted =
  '21 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 21 0:5 / /dev rw - devtmpfs udev rw\n24 21 0:7 / /sys/kernel/debug rw - debugfs debugfs rw\n';

/** Makes a system without processes; `module` lines of /proc/modules become folders too. */
export function makeFakeSystem(modules: readonly string[] = ['vkms 45056 1 - Live 0xffffffffc0a00000']): FakeSystem {
  const path = mkdtempSync(join(tmpdir(), 'modshark-fake-system-'));
  const at = (file: string) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    return join(path, file);
  };
  const write: FakeSystem['write'] = (file, content) =>
    writeFileSync(at(file), typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  const link: FakeSystem['link'] = (file, target) => symlinkSync(target, at(file));

  write('proc/modules', modules.map((line) => `${line}\n`).join(''));
  for (const line of modules) {
    const [, name, count] = /^(.+) \d+ (\S+) \S+ \S+ \S+/.exec(line) ?? [];
    write(`sys/module/${name}/refcnt`, `${count}\n`);
    write(`sys/module/${name}/initstate`, 'live\n');
    write(`sys/module/${name}/taint`, '\n');
    mkdirSync(join(path, `sys/module/${name}/holders`));
  }
  return {
    path,
    write,
    link,
    process(
      pid,
      {
        comm = 'prog',
        user = 0,
        threads = [],
        mounts = 4026531841,
        network = 4026531840,
        files = [],
        maps = '',
        mountinfo = mounted,
      } = {},
    ) {
      const folder = `proc/${pid}`;
      const stat = Buffer.from(
        ` S 1 ${pid} ${pid} 0 -1 4194304 ${'0 '.repeat(10)}${1 + threads.length} 0 ${1000 + pid} 0\n`,
      );
      write(
        `${folder}/stat`,
        Buffer.concat([Buffer.from(`${pid} (`), Buffer.from(comm as string), Buffer.from(')'), stat]),
      );
      write(`${folder}/status`, `Name:\tx\nUid:\t${user}\t${user}\t${user}\t${user}\n`);
      write(`${folder}/cgroup`, '0::/system.slice/test.service\n');
      write(`${folder}/maps`, maps);
      write(`${folder}/mountinfo`, mountinfo);
      for (const [name, number] of Object.entries({
        mnt: mounts,
        net: network,
        pid: 4026531836,
        user: 4026531837,
      })) {
        link(`${folder}/ns/${name}`, `${name}:[${number}]`);
      }
      for (const name of ['cwd', 'root', 'exe']) {
        link(`${folder}/${name}`, '/');
        write(`${folder}/${name}.look`, looks.root);
      }
      mkdirSync(join(path, folder, 'fd'), { recursive: true });
      for (const thread of threads) mkdirSync(join(path, folder, `task/${thread}`), { recursive: true });
      for (const file of files) {
        link(`${folder}/fd/${file.fd}`, file.link);
        if (file.look !== undefined) write(`${folder}/fd/${file.fd}.look`, file.look);
        if (file.open !== undefined) write(`${folder}/fd/${file.fd}.open`, `${file.open}`);
        if (file.protocol !== undefined) write(`${folder}/fd/${file.fd}.protocol`, file.protocol);
        write(`${folder}/fdinfo/${file.fd}`, file.info ?? 'pos:\t0\nflags:\t02\nmnt_id:\t23\nino:\t107\n');
      }
    },
    names: () => execFileSync('find', [path], { encoding: 'latin1' }).split('\n').sort(),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
