export interface GenerateOptions {
  readonly events: number;
  readonly seed?: number;
  /** Loses some events now and then, and says so as the kernel does. */
  readonly losses?: boolean;
}

interface SimTask {
  readonly comm: string;
  readonly pid: number;
  readonly named: boolean;
}

/** References that a task holds, and how it lets go of them. */
interface Handle {
  readonly task: SimTask;
  readonly modules: readonly string[];
  readonly callSite: string;
}

interface Opening {
  readonly comms: readonly string[];
  readonly gets: readonly (readonly [module: string, callSite: string])[];
  readonly put: string;
}

const CPUS = 8;
const CHUNK_BYTES = 1 << 20;

/** Modules and what they link to; a load takes a reference on each. */
const links: Readonly<Record<string, readonly string[]>> = {
  drm: [],
  drm_kms_helper: ['drm'],
  drm_shmem_helper: ['drm'],
  vkms: ['drm', 'drm_kms_helper', 'drm_shmem_helper'],
  snd: [],
  snd_pcm: ['snd'],
  snd_usb_audio: ['snd', 'snd_pcm'],
  nfnetlink: [],
  nf_tables: ['nfnetlink'],
  nft_ct: ['nf_tables'],
  binfmt_misc: [],
  loop: [],
  squashfs: [],
  ext4: [],
  tun: [],
  dm_mod: [],
  dummy: [],
  af_alg: [],
  algif_hash: ['af_alg'],
};
const loadable = ['vkms', 'snd_usb_audio', 'nft_ct', 'algif_hash', 'dummy', 'tun', 'squashfs'];

/** Programs that run for a moment, each time with another pid; all others are daemons. */
const tools = new Set(['modprobe', 'rmmod', 'mount', 'dmsetup', 'nft', 'sh', 'make', 'cc1', 'ninja']);

const openings: readonly Opening[] = [
  {
    comms: ['systemd-logind', 'gnome-shell', 'Xorg', 'kmscube'],
    gets: [
      ['drm', 'exact_lock'],
      ['drm', 'chrdev_open'],
      ['vkms', 'drm_stub_open [drm]'],
    ],
    put: '__fput',
  },
  {
    comms: ['pulseaudio', 'pipewire', 'wireplumber'],
    gets: [
      ['snd', 'chrdev_open'],
      ['snd_pcm', 'snd_pcm_open [snd_pcm]'],
      ['snd_usb_audio', 'snd_pcm_open [snd_pcm]'],
    ],
    put: 'snd_pcm_release [snd_pcm]',
  },
  { comms: ['mount', 'snapd', 'udisksd'], gets: [['squashfs', 'get_filesystem']], put: 'deactivate_locked_super' },
  { comms: ['dmsetup', 'systemd-udevd'], gets: [['dm_mod', 'blkdev_get_by_dev.part.0']], put: 'blkdev_put' },
  {
    comms: ['openvpn', 'qemu-system-x86'],
    gets: [
      ['tun', 'misc_open'],
      ['tun', 'sk_prot_alloc'],
    ],
    put: 'tun_chr_close [tun]',
  },
  { comms: ['nft', 'firewalld'], gets: [['nf_tables', 'nfnetlink_rcv_batch']], put: 'nfnetlink_rcv_batch' },
  {
    comms: ['sh', 'make', 'cc1', 'ninja', 'Web Content', 'kworker/u16:3'],
    gets: [['binfmt_misc', 'bprm_execve']],
    put: 'bprm_execve',
  },
];

/**
 * Writes a plausible trace_pipe text of a busy machine: modules loaded and unloaded, opened, shared and closed by
 * many tasks on eight CPUs, with refcounts that add up. The same seed gives the same bytes.
 */
export function generateRecording(options: GenerateOptions, write: (chunk: Uint8Array) => void): void {
  const simulation = new Simulation(options, write);
  simulation.run();
}

class Simulation {
  private readonly options: GenerateOptions;
  private readonly write: (chunk: Uint8Array) => void;
  private readonly encoder = new TextEncoder();
  private readonly refs = new Map<string, number>();
  private readonly handles: Handle[] = [];
  private text: string[] = [];
  private textBytes = 0;
  private state: number;
  private microseconds = 102_001_424;
  private nextPid = 400;
  private events = 0;
  private losing = 0;
  private lossCpu = 0;
  private lostCount = 0;

  constructor(options: GenerateOptions, write: (chunk: Uint8Array) => void) {
    this.options = options;
    this.write = write;
    this.state = (options.seed ?? 1) >>> 0;
  }

  run(): void {
    for (const module of Object.keys(links)) this.load(this.task('modprobe'), module);
    while (this.events < this.options.events) {
      const dice = this.random();
      if (this.options.losses === true && dice < 0.00002) this.losing = 40 + Math.floor(this.random() * 400);
      if (dice < 0.01) this.reload();
      else if (dice < 0.5 && this.handles.length > 0 && this.handles.length > this.random() * 400) this.close();
      else this.open();
    }
    this.flush();
  }

  private open(): void {
    const opening = this.pick(openings);
    if (opening.gets.some(([module]) => !this.refs.has(module))) return;
    const task = this.task(this.pick(opening.comms));
    const modules: string[] = [];
    for (const [module, callSite] of opening.gets) {
      this.get(task, module, callSite);
      modules.push(module);
    }
    const handle = { task, modules, callSite: opening.put };
    if (opening.put === 'bprm_execve') this.release(handle, task);
    else this.handles.push(handle);
  }

  private close(): void {
    const index = Math.floor(this.random() * this.handles.length);
    const handle = this.handles[index]!;
    this.handles[index] = this.handles.at(-1)!;
    this.handles.pop();
    this.release(handle, this.random() < 0.03 ? this.task('kworker/2:1') : handle.task);
  }

  private release(handle: Handle, by: SimTask): void {
    for (const module of [...handle.modules].reverse()) this.put(by, module, handle.callSite);
  }

  /** Loads a module that is not there, or unloads one that nobody holds. */
  private reload(): void {
    const module = this.pick(loadable);
    const refs = this.refs.get(module);
    if (refs === undefined) {
      if (this.random() < 0.3)
        this.print(this.task('systemd-udevd'), `module_request: ${module} wait=1 call_site=misc_open`);
      this.load(this.task('modprobe'), module);
    } else if (refs === 1) {
      const task = this.task('rmmod');
      this.print(task, `module_free: ${module}`);
      this.refs.delete(module);
      for (const link of links[module]!) this.put(task, link, 'module_unload_free');
    }
  }

  private load(task: SimTask, module: string): void {
    for (const link of links[module]!) this.get(task, link, 'resolve_symbol');
    this.refs.set(module, 2);
    this.print(task, `module_load: ${module} ${module === 'vkms' ? 'E' : ''}`);
    this.put(task, module, 'do_init_module');
  }

  private get(task: SimTask, module: string, callSite: string): void {
    this.count(task, 'get', module, callSite, 1);
  }

  private put(task: SimTask, module: string, callSite: string): void {
    this.count(task, 'put', module, callSite, -1);
  }

  private count(task: SimTask, kind: string, module: string, callSite: string, step: number): void {
    const refcount = (this.refs.get(module) ?? 1) + step;
    this.refs.set(module, refcount);
    this.print(task, `module_${kind}: ${module} call_site=${callSite} refcnt=${refcount}`);
  }

  private print(task: SimTask, event: string): void {
    this.microseconds += 1 + Math.floor(this.random() * 60);
    const cpu = task.pid % CPUS;
    if (this.losing > 0 && cpu === this.lossCpu) {
      this.losing--;
      this.lostCount++;
      return;
    }
    if (this.losing === 0 && this.lostCount > 0 && cpu === this.lossCpu) {
      this.add(`CPU:${cpu} [LOST ${this.lostCount} EVENTS]\n`);
      this.lostCount = 0;
      this.lossCpu = (this.lossCpu + 1) % CPUS;
    }
    const comm = task.named || this.random() < 0.5 ? task.comm : '<...>';
    const seconds = Math.floor(this.microseconds / 1e6);
    const stamp = `${String(seconds).padStart(5)}.${String(this.microseconds % 1e6).padStart(6, '0')}`;
    const flags = event.startsWith('module_get') || event.startsWith('module_put') ? '...1.' : '.....';
    this.add(`${comm.padStart(16)}-${String(task.pid).padEnd(7)} [00${cpu}] ${flags} ${stamp}: ${event}\n`);
    this.events++;
  }

  private add(line: string): void {
    this.text.push(line);
    this.textBytes += line.length;
    if (this.textBytes >= CHUNK_BYTES) this.flush();
  }

  private flush(): void {
    this.write(this.encoder.encode(this.text.join('')));
    this.text = [];
    this.textBytes = 0;
  }

  /** Daemons keep their pids; tools come and go, and the kernel does not always know their names. */
  private task(comm: string): SimTask {
    if (!tools.has(comm))
      return { comm, pid: 300 + [...comm].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 97, 0), named: true };
    this.nextPid = this.nextPid >= 32_000 ? 400 : this.nextPid + 1;
    return { comm, pid: this.nextPid, named: this.random() < 0.9 };
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  /** A linear congruential generator (Numerical Recipes), so that a seed says all. */
  private random(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 4_294_967_296;
  }
}
