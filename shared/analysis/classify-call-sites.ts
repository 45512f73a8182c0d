import type { EventTable } from '../event-table/event-table.ts';
import { type CallSiteFact, knowCallSite } from './call-sites/know-call-site.ts';

/** What part a call site plays in the orders of events that the attribution knows. */
export const SiteRole = {
  /** Nothing special: paired by what the table of call sites says. */
  plain: 0,
  /** A module that is being loaded links to this one; its module_load follows in the same thread. */
  link: 1,
  /** The loader lets go: the init function has returned. */
  loader: 2,
  /** A module that linked to this one has been freed, or could not be loaded. */
  unlink: 3,
  /** mount(2) looks the filesystem up: what this thread takes until `mountEnd` belongs to the mount. */
  mountStart: 4,
  mountEnd: 5,
} as const;
export type SiteRole = (typeof SiteRole)[keyof typeof SiteRole];

/** Which reference of an open a get may be; two of the same sort are two opens. */
export const OpenPart = {
  /** Joins whatever open its thread is in. */
  any: 0,
  /** The character device's own reference, on its first open. */
  device: 1,
  /** The file operations of a character device; the device's own reference on later opens. */
  operations: 2,
  /** Creation of a socket: once for the family, once for the operations. */
  socket: 3,
  /** Begins an open of its own. */
  first: 4,
  /** Belongs to no open. */
  none: 5,
} as const;
export type OpenPart = (typeof OpenPart)[keyof typeof OpenPart];

/** What is known of a call site that the recording prints, on both sides, and the parts it plays. */
export interface SiteClass {
  readonly get: CallSiteFact;
  readonly put: CallSiteFact;
  readonly getRole: SiteRole;
  readonly putRole: SiteRole;
  readonly openPart: OpenPart;
  /** The same symbol both takes and gives back: a swap or an error path within one call. */
  readonly bothSides: boolean;
  /** Only kernels up to 3.7 print it. */
  readonly legacy: boolean;
}

const linkSites = new Set(['resolve_symbol', 'ref_module', 'use_module', 'resolve_symbol_wait', 'simplify_symbols']);
const loaderSites = new Set([
  'do_init_module',
  'load_module',
  'sys_init_module',
  'SyS_init_module',
  'SYSC_init_module',
  '__do_sys_init_module',
  '__do_sys_finit_module',
]);
const unlinkSites = new Set(['module_unload_free', 'free_module']);
const mountEnds = new Set(['put_fs_context', 'do_new_mount']);
const parts = new Map<string, OpenPart>([
  ['exact_lock', OpenPart.device],
  ['cdev_get', OpenPart.device],
  ['chrdev_open', OpenPart.operations],
  ['__sock_create', OpenPart.socket],
  ['sock_create', OpenPart.socket],
  ['misc_open', OpenPart.first],
  ['full_proxy_open', OpenPart.first],
  ['open_proxy_open', OpenPart.first],
  ['do_accept', OpenPart.first],
  ['__sys_accept4', OpenPart.first],
  ['sys_accept4', OpenPart.first],
  ['netlink_create', OpenPart.first],
  ['tcp_set_congestion_control', OpenPart.first],
]);
/** Kinds whose references are taken by opening something. */
const openKinds = new Set([
  'process-fd',
  'drm-file',
  'socket',
  'netlink-socket',
  'sound-control',
  'sound-stream',
  'sound-midi',
  'sound-timer',
  'sound',
  'watchdog-armed',
  'i2c-adapter',
  'tty-device',
  'kvm-vm',
  'vfio-device',
]);

function classify(symbol: string, module: string | undefined): SiteClass {
  const get = knowCallSite(symbol, module, 'get');
  const put = knowCallSite(symbol, module, 'put');
  const name = get.symbol;
  let getRole: SiteRole = SiteRole.plain;
  if (linkSites.has(name)) getRole = SiteRole.link;
  else if (name === '__get_fs_type') getRole = SiteRole.mountStart;
  let putRole: SiteRole = SiteRole.plain;
  if (loaderSites.has(name)) putRole = SiteRole.loader;
  else if (unlinkSites.has(name)) putRole = SiteRole.unlink;
  else if (mountEnds.has(name)) putRole = SiteRole.mountEnd;
  let openPart: OpenPart = parts.get(name) ?? OpenPart.none;
  if (openPart === OpenPart.none && (openKinds.has(get.kind) || get.kind === 'unknown')) openPart = OpenPart.any;
  return {
    get,
    put,
    getRole,
    putRole,
    openPart,
    bothSides: get.certainty >= 0 && put.certainty >= 0,
    legacy: name === 'sys_init_module' || name === 'SyS_init_module' || name === 'SYSC_init_module',
  };
}

/** Classifies every call site of the table, in the order of `table.callSites`. */
export function classifyCallSites(table: EventTable): readonly SiteClass[] {
  const sites = table.callSites.map(({ symbol, module }) => classify(symbol, module));
  // Up to 5.0 there is no mount context and put_filesystem ends the call; later it prints in the middle of it.
  if (sites.some(({ put }) => put.symbol === 'put_fs_context')) return sites;
  return sites.map((site) => (site.put.symbol === 'put_filesystem' ? { ...site, putRole: SiteRole.mountEnd } : site));
}
