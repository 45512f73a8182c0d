import type { RecordingTime, Refcount } from '../../units.ts';
import type { ConfidenceName, HolderKind } from '../hold-table.ts';

/** refcount = holders + explained by evidence + unexplained, for one loaded module, now. */
export interface PresentAccounting {
  readonly module: string;
  readonly state: 'live' | 'coming' | 'going';
  /** As lsmod prints it; undefined where the kernel cannot unload modules. */
  readonly refcount: Refcount | undefined;
  /** References of the modules that link to it. */
  readonly linked: Refcount;
  /** References with evidence, links included; never more than the refcount unless `cautions` says why. */
  readonly explained: Refcount;
  /** Of the explained ones, those that are explained only probably: by evidence of medium confidence. */
  readonly probable: Refcount;
  readonly unexplained: Refcount;
  readonly permanent: boolean;
  readonly taints: string;
  readonly holders: readonly PresentHolder[];
  /** `drm 4 = 2 modules + 1 file of systemd-logind + 1 DRM filesystem` */
  readonly arithmetic: string;
  /** Raced readings, contradictions, what could not be looked at and might hold it. */
  readonly cautions: readonly string[];
}

/** Whoever holds a module now: one line of the answer, with every piece of evidence for it. */
export interface PresentHolder {
  /** Stays the same from one snapshot to the next as long as it is the same holder. */
  readonly key: string;
  readonly kind: HolderKind;
  /** `systemd-logind`, `vkms`, `/mnt/usb`, `loop0`. Hostile text: escape before showing it. */
  readonly name: string;
  /** The processes behind it, those that share the open file included. */
  readonly processes: readonly HolderProcess[];
  /** systemd unit or container of the first process: `gdm.service`, `docker:1a2b3c`. */
  readonly unit: string | undefined;
  readonly references: Refcount;
  /** What is held: `file`, `module`, `mount`. */
  readonly noun: string;
  /** `/dev/dri/card0`, `socket 1234 (ALG)`, `/mnt/usb (ext4)`; empty for a module. */
  readonly object: string;
  readonly confidence: ConfidenceName;
  readonly evidence: readonly PresentEvidence[];
  readonly meaning: string;
  /** How to make it let go, in a sentence. */
  readonly release: string;
}

export interface HolderProcess {
  readonly pid: number;
  readonly comm: string;
  readonly executable: string | undefined;
  readonly user: number;
  /** Hostile text; undefined where the system has no name for that number. */
  readonly userName?: string | undefined;
  readonly unit: string | undefined;
  readonly container: string | undefined;
  /** In seconds since boot. */
  readonly started: number;
}

/** One reason to believe it. */
export type PresentEvidence =
  | { readonly from: 'snapshot' /** `fd 7 of 545 is /dev/dri/card0 (226:0)` */; readonly text: string }
  | {
      readonly from: 'recording';
      readonly text: string;
      readonly callSite: string | undefined;
      readonly since: RecordingTime | undefined;
      /** IndexIntoHolds. */
      readonly holds: readonly number[];
      /** Functions of the kernel through which it was taken, the innermost first, where stacks were recorded. */
      readonly stack?: readonly string[];
    };

/** The ordered steps after which `modprobe -r` of a module succeeds. */
export interface ReleasePlan {
  readonly module: string;
  /** `free`: nothing to do first. `reboot`: nothing else helps. `unsure`: something unexplained may still hold it after the steps. */
  readonly outcome: 'free' | 'unloads' | 'unsure' | 'reboot';
  /** Why, in a sentence or two. */
  readonly summary: string;
  readonly steps: readonly ReleaseStep[];
  /** After the same steps, in place of the unloading: single devices taken from it, where that can be proposed. */
  readonly handOvers: readonly ReleaseWay[];
}

/** One thing to do. Alternatives are in order of gentleness: the first is what is proposed. */
export interface ReleaseStep {
  /** The module whose reference this ends: the one asked about, or a dependent that goes first. */
  readonly module: string;
  /** Why it is necessary: `systemd-logind (545) has /dev/dri/card0 open`. */
  readonly reason: string;
  readonly alternatives: readonly [ReleaseWay, ...ReleaseWay[]];
}

export interface ReleaseWay {
  /** `Close firefox`, `Unmount /mnt/usb`. */
  readonly title: string;
  /** For the terminal, quoted; undefined where only a person can do it. Never run by ModShark. */
  readonly command: string | undefined;
  /** What else happens: `ends the graphical session`; empty for nothing worth saying. */
  readonly consequence: string;
}
