import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureMeans } from '../../../electron/host/capture/capture-means.ts';
import type { HelperCommand } from '../../../electron/host/capture/helper-command.ts';
import { type HostSystem, lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import type { CaptureSurvey } from '../../../electron/host/capture/survey-capture.ts';
import type { Step } from '../script-capture.ts';

/** What a test has written for the window's next recording, and for what the machine looks like. */
export interface CaptureScript {
  readonly steps: readonly Step[];
  readonly way?: HelperCommand['way'];
  /** Instead of the scripted helper. */
  readonly file?: string;
  /** What helpers that look do; each look answers with `look.frames` of the folder unless said otherwise. */
  readonly look?: {
    readonly user?: readonly Step[];
    readonly root?: readonly Step[];
    /** Who would make it root. */
    readonly by?: HelperCommand['way'];
  };
  /** Who asks for a password; nobody unless said otherwise. */
  readonly asks?: CaptureSurvey['asks'];
  /** Where programs are, by their name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Files of this machine, by their path, as the preflight is to see them. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The variable that names the folder in which `script.json` lies, which a test may change at any time. */
export const scriptVariable = 'MODSHARK_TEST_SCRIPT';

/** Recordings by the scripted helper, on what seems a machine with module events where root asks. */
export function scriptedMeans(folder: string, helper: string): CaptureMeans {
  const script = (): CaptureScript => JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8'));
  const real = lookAtThisSystem();
  const usual: Readonly<Record<string, string>> = {
    '/proc/meminfo': 'MemTotal:       16384000 kB\n',
    '/sys/devices/system/cpu/online': '0-7\n',
    '/proc/self/mounts': 'nodev /sys/kernel/tracing tracefs rw 0 0\n',
    '/proc/self/status': 'NoNewPrivs:\t0\n',
    '/proc/modules': 'vkms 61440 1 - Live 0x0\ndrm 655360 4 vkms,drm_kms_helper, Live 0x0\ntun 65536 0 - Live 0x0\n',
    '/sys/kernel/security/lockdown': '[none] integrity confidentiality\n',
  };
  const system: HostSystem = {
    ...real,
    uid: 0,
    hasTerminal: false,
    read: (path) => script().files?.[path] ?? usual[path] ?? real.read(path),
    list: (path) => {
      if (path.endsWith('/events/module')) return ['enable', 'module_load', 'module_get', 'module_put'];
      return path.endsWith('/tracing/events') ? ['module'] : real.list(path);
    },
    findProgram: (name) => script().programs?.[name] ?? real.findProgram(name),
    stat: (path) => (path === '/proc/modules' ? { uid: 0, mode: 0o100444 } : real.stat(path)),
  };
  return {
    system,
    called: 'modshark',
    asks: () => script().asks ?? 'nobody',
    command() {
      const { steps, way = 'root', file } = script();
      if (file !== undefined) return { way, file, argv: [] };
      return { way, file: process.execPath, argv: [helper, JSON.stringify(steps)] };
    },
    lookCommand(as) {
      const { look } = script();
      const steps = look?.[as] ?? [{ looks: join(folder, 'look.frames') }];
      const way = as === 'root' ? (look?.by ?? 'root') : 'root';
      return { way, file: process.execPath, argv: [helper, JSON.stringify(steps)] };
    },
  };
}
