/** Of modules that use others that use others …; a desktop machine has six or so. */
const DEPTH = 6;
/** How far apart two events are. */
const STEP_US = 700;

/**
 * A trace_pipe text of many modules that are all still held at its end: in six layers, each using up to three of those below it, and every fifth is held by a daemon. About as tangled as a desktop machine; the same number gives the same
 * text.
 */
export function writeManyModules(modules: number): string {
  const lines: string[] = [];
  const references = new Map<number, number>();
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const nameOf = (module: number) => `${STEMS[module % STEMS.length]}_${String(module).padStart(3, '0')}`;
  const print = (task: string, pid: number, event: string) => {
    const time = 102_001_424 + lines.length * STEP_US;
    const stamp = `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, '0')}`;
    lines.push(`${task.padStart(16)}-${String(pid).padEnd(7)} [000] ...1.   ${stamp}: ${event}\n`);
  };
  const get = (task: string, pid: number, module: number, site: string) => {
    const refcount = (references.get(module) ?? 1) + 1;
    references.set(module, refcount);
    print(task, pid, `module_get: ${nameOf(module)} call_site=${site} refcnt=${refcount}`);
  };
  for (let module = 0; module < modules; module++) {
    const pid = 1_000 + module;
    const depth = Math.floor((module * DEPTH) / modules);
    const below = Math.floor((depth * modules) / DEPTH);
    // Of the layer below, near the same place in it: subsystems keep to themselves.
    const near = (module * (DEPTH - 1)) / DEPTH;
    const uses = new Set(
      Array.from({ length: depth === 0 ? 0 : random(4) }, () =>
        Math.floor(Math.min(near, below - 1) * (0.6 + random(40) / 100)),
      ),
    );
    for (const used of uses) get('modprobe', pid, used, 'ref_module');
    references.set(module, 2);
    print('modprobe', pid, `module_load: ${nameOf(module)} `);
    references.set(module, 1);
    print('modprobe', pid, `module_put: ${nameOf(module)} call_site=do_init_module refcnt=1`);
    if (module % 5 === 0) get(DAEMONS[random(DAEMONS.length)]!, 300 + random(40), module, 'chrdev_open');
  }
  return lines.join('');
}

const STEMS = ['drm', 'snd', 'nf', 'xt', 'dm', 'usb', 'iwl', 'crypto', 'btrfs', 'kvm'];
const DAEMONS = ['systemd-logind', 'pipewire', 'NetworkManager', 'udisksd', 'dockerd', 'libvirtd'];
