import type { BlockDevice } from '../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import { mountKey } from './rules/superblocks.ts';

export const GRAPHICAL_END = 'ends the graphical session and every program in it';

/** Programs that draw the graphical session, or hold its devices for those that do. */
export const graphical =
  /^(systemd-logind|elogind|seatd|Xorg|X|Xwayland|gdm.*|sddm.*|lightdm|lxdm|xdm|gnome-shell|mutter.*|kwin_(wayland|x11)|plasmashell|sway|weston|Hyprland|cosmic-comp|labwc|wayfire|niri|river|cage|greetd|plymouthd|display-manager)$/;

/** Shells: as long as somebody types into them they ignore SIGTERM, and end with SIGHUP. */
export const shells = /^-?(bash|dash|zsh|fish|sh|ash|ksh|ksh93|mksh|tcsh|csh)$/;

/**
 * What else ends with a program or a service, by its name: of a program as the kernel has it, in 15 letters, of a unit
 * without what follows an `@` or a dot.
 */
const endings: readonly (readonly [RegExp, string])[] = [
  [graphical, GRAPHICAL_END],
  [/^(ssh|sshd|sshd-session|sshd-auth|dropbear)$/, 'logins over SSH end, and yours may be one of them'],
  [/^(getty|agetty|serial-getty|login)$/, 'the login at a console ends'],
  [
    /^(NetworkManager|systemd-network(d)?|networking|network|dhcpcd|dhclient|connman(d)?|wicked(d)?)$/,
    'the network may go down, and every login over it',
  ],
  [/^(wpa_supplicant|iwd|hostapd)$/, 'Wi-Fi goes down, and every login over it'],
  [
    /^(openvpn(-client|-server)?|wg-quick|tailscaled|charon(-systemd)?|strongswan(-starter)?|pppd|xl2tpd|zerotier-one)$/,
    'its tunnels go down, and every login through them',
  ],
  [/^(firewalld|nftables|ufw|iptables|netfilter-persistent)$/, 'the firewall may be down'],
  [/^(pipewire(-pulse)?|pulseaudio|wireplumber|jackd)$/, 'sound stops'],
  [/^(bluetooth|bluetoothd)$/, 'Bluetooth stops, keyboards and mice with it'],
  [/^(dockerd?|containerd|crio|kubelet|lxd|incusd)$/, 'containers may end with it'],
  [/^(qemu-.*|VBoxHeadless|VirtualBoxVM|cloud-hypervis.*|firecracker)$/, 'the virtual machine is switched off'],
  [/^(libvirtd|virtqemud)$/, 'virtual machines can no longer be managed'],
  [/^(iscsid|open-iscsi|multipathd|dmeventd|lvm2-monitor|mdmon)$/, 'disks that it looks after may be lost'],
  [/^(nfsd|nfs-server|nfs-kernel-server|smbd|ksmbd)$/, 'its clients lose their files'],
  [/^(tmux.*|screen|SCREEN|zellij|dtach)$/, 'every program in it ends'],
  [
    /^(gnome-terminal.*|konsole|xterm|kitty|alacritty|foot|terminator|xfce4-terminal|lxterminal|wezterm-gui|ptyxis.*|kgx|tilix|urxvt)$/,
    'every shell in its windows ends',
  ],
  [shells, 'what runs in the shell may end with it'],
  [/^(dbus|dbus-daemon|dbus-broker.*)$/, 'the desktop and many services end with it'],
  [/^systemd$/, 'everything that it started ends with it'],
  [/^(polkit|polkitd)$/, 'nobody is given rights until it runs again'],
  [/^systemd-udevd?$/, 'new devices are not set up'],
];

/** What else ends with programs and services of these names. */
export function tellEndings(names: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const name of names) for (const [pattern, text] of endings) if (pattern.test(name)) found.add(text);
  return [...found];
}

/** A unit's name as the table has it: `getty` of `getty@tty1.service`. */
export function plainUnit(unit: string): string {
  return unit.replace(/\.(service|scope)$/, '').replace(/@.*$/, '');
}

/** Modules that people type and point through. */
const inputs = /^(usbhid|hid(_\w+)?|atkbd|psmouse|i2c_hid(_\w+)?|i8042)$/;

/** Controllers of USB: nothing on it counts on them. */
const usb = /^([xeo]hci_(pci|hcd|plat_hcd)|uhci_hcd|dwc[23]\w*)$/;

/** Names that one sentence has. */
const MOST_NAMES = 4;

const list = (names: readonly string[]) =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;

/** Network interfaces that a module drives. */
function linksOf({ matching }: SnapshotIndex, module: string): string[] {
  return matching(/\/sys\/class\/net\/([^/]+)\/device\/driver\/module/)
    .filter(({ text }) => text.trim().split('/').at(-1) === module)
    .map(({ match }) => match[1]!);
}

/**
 * Disks whose way to the processor leads through a module, and what is built on them. Of most such modules they are no
 * reference: those that drive a bus count nothing of what hangs on it.
 */
function disksOf({ snapshot, disks }: SnapshotIndex, module: string): ReadonlySet<BlockDevice> {
  const uppersOf = new Map<BlockDevice, BlockDevice[]>();
  for (const upper of snapshot.blockDevices)
    for (const slave of upper.slaves) {
      const disk = disks.get(slave);
      if (disk === undefined) continue;
      const uppers = uppersOf.get(disk) ?? [];
      uppersOf.set(disk, uppers);
      uppers.push(upper);
    }
  const found = new Set(snapshot.blockDevices.filter(({ driverModules }) => driverModules.includes(module)));
  // What is added is gone through as well.
  for (const disk of found) for (const upper of uppersOf.get(disk) ?? []) found.add(upper);
  return found;
}

function tellDisks(index: SnapshotIndex, module: string, isEnded: (key: string) => boolean): string[] {
  const disks = disksOf(index, module);
  if (disks.size === 0) return [];
  const mounted = index.snapshot.superblocks.filter(({ filesystem }) => {
    const disk = index.diskOf.get(filesystem);
    return disk !== undefined && disks.has(disk) && !isEnded(mountKey(filesystem));
  });
  const places = mounted.flatMap(({ mountPoints }) => mountPoints.slice(0, 1).map(({ path }) => path));
  const what = disks.size === 1 ? 'the disk' : 'the disks';
  const names = [...disks].map(({ name }) => name);
  const go = disks.size === 1 ? 'goes' : 'go';
  const torn = places.length === 0 ? '' : `, torn from under what is mounted on ${list(places)}`;
  return [`${what} ${list(names)} ${go}${torn}${places.includes('/') ? ': the system runs from it' : ''}`];
}

/** What is torn from under others where the devices of a module stop working, which nothing counts. */
export function tellTorn(index: SnapshotIndex, module: string, isEnded: (key: string) => boolean): string[] {
  const told = tellDisks(index, module, isEnded);
  const links = linksOf(index, module);
  if (links.length > 0) {
    const [which, go] = links.length === 1 ? ['interface', 'goes'] : ['interfaces', 'go'];
    told.push(`the network ${which} ${list(links)} ${go}, and every login over it`);
  }
  if (inputs.test(module)) told.push('keyboards and mice that it serves stop working');
  if (usb.test(module)) told.push('everything on its USB goes, keyboards, disks and network too');
  return told;
}

/**
 * What the unloading of a module takes with it, for the person to know before; empty for nothing worth saying.
 *
 * @param isEnded whether something, by its key, is gone by then
 */
export function tellUnloading(index: SnapshotIndex, module: string, isEnded: (key: string) => boolean): string {
  const drivers = index.modules.get(module)?.drivers ?? [];
  const stop = drivers.length === 0 ? [] : [`devices of ${list(drivers)} stop working`];
  return [...tellTorn(index, module, isEnded), ...stop].join('; ');
}
