import {
  Boxes,
  CircleHelp,
  Cpu,
  HardDrive,
  History,
  KeyRound,
  type LucideIcon,
  Network,
  PackageOpen,
  Plug,
  SquareTerminal,
  Usb,
} from 'lucide-react';
import type { HolderKind } from '../../shared/analysis/hold-table.ts';

const ICONS: Readonly<Record<HolderKind, { readonly icon: LucideIcon; readonly name: string }>> = {
  task: { icon: SquareTerminal, name: 'task' },
  module: { icon: Boxes, name: 'module' },
  mount: { icon: HardDrive, name: 'mount' },
  socket: { icon: Plug, name: 'socket' },
  device: { icon: Usb, name: 'device' },
  network: { icon: Network, name: 'network object' },
  crypto: { icon: KeyRound, name: 'cryptography' },
  kernel: { icon: Cpu, name: 'kernel' },
  loader: { icon: PackageOpen, name: 'loader' },
  baseline: { icon: History, name: 'from before the recording' },
  unknown: { icon: CircleHelp, name: 'unknown holder' },
};

/** What sort of thing holds the reference. */
export function HolderIcon({ kind }: { readonly kind: HolderKind }) {
  const { icon: Icon, name } = ICONS[kind];
  return (
    <span className="holder-icon" title={name}>
      <Icon size={15} aria-hidden />
      <span className="visually-hidden">{name}</span>
    </span>
  );
}
