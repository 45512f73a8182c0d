import { printTime } from '../event-table/clock.ts';
import { EventKind } from '../event-table/event-table.ts';
import type { Analysis } from './analysis.ts';
import { RowFlag } from './follow-threads.ts';
import { HoldEnd, HoldOrigin } from './hold-collector.ts';
import { holderSort } from './holder-kinds.ts';
import { isLink, type NamedHolder, OWN_FILESYSTEM } from './name-holders.ts';

/** The sentences about one holder: why it is believed, what it is for, how it lets go. */
export interface HolderWords {
  readonly evidence: string;
  readonly meaning: string;
  readonly release: string;
}

/** Why the confidence at this time is less than it was at the start. */
export interface Doubts {
  /** Row of the event from which on nobody can say whose it is; undefined for none. */
  readonly ambiguousSince: number | undefined;
  /** Row of the put that may have given this one back. */
  readonly suspect: number | undefined;
  readonly lossSince: boolean;
}

function taskAt({ table }: Analysis, row: number): string {
  const task = table.tasks[table.task[row]!];
  return task === undefined ? 'an unnamed task' : `${task.comm}-${task.pid}`;
}

function at({ table }: Analysis, row: number): string {
  return `at ${printTime(table.clock, table.time[row]!)}`;
}

function via({ table }: Analysis, row: number): string {
  const site = table.callSites[table.callSite[row]!];
  return site === undefined ? '' : ` via ${site.symbol}`;
}

function line({ table }: Analysis, row: number): string {
  return `line ${table.line[row]}`;
}

function wordEnd(analysis: Analysis, hold: number, taker: string): string {
  const { detail } = analysis;
  const put = detail.built.putRow[hold]!;
  switch (detail.built.end[hold]) {
    case HoldEnd.own:
      return `It gave it back ${at(analysis, put)}${via(analysis, put)} (${line(analysis, put)}).`;
    case HoldEnd.foreign: {
      const giver = taskAt(analysis, put);
      return giver === taker
        ? `The put ${at(analysis, put)}${via(analysis, put)} (${line(analysis, put)}) fits it.`
        : `It was given back by ${giver} ${at(analysis, put)}${via(analysis, put)} (${line(analysis, put)}).`;
    }
    case HoldEnd.known:
      return `It was given back ${at(analysis, put)} (${line(analysis, put)}).`;
    case HoldEnd.forced:
      return 'A later put that fits no open reference was counted as its end, for want of a better one.';
    case HoldEnd.unseen:
      return 'No put of it was seen; a later count shows that it is gone.';
    case HoldEnd.freed:
      return 'It was still open when the module was freed.';
    default:
      return detail.built.incomplete
        ? 'It is not given back by the end of the recording, whose counts do not add up everywhere.'
        : 'It is not given back by the end of the recording.';
  }
}

function wordEvidence(analysis: Analysis, hold: number, holder: NamedHolder): string {
  const { detail, holds } = analysis;
  const origin = detail.built.origin[hold];
  const put = detail.built.putRow[hold]!;
  const row = holds.startRow[hold]!;
  if (origin === HoldOrigin.loader) {
    return `${taskAt(analysis, row)} is loading the module (${line(analysis, row)}): its init function has not returned yet.`;
  }
  if (origin !== HoldOrigin.get) {
    const whence =
      origin === HoldOrigin.baseline
        ? 'It was there before the recording began.'
        : 'It was taken where the counts do not add up: events are missing, or several CPUs counted at once.';
    if (put < 0) return `${whence} ${wordEnd(analysis, hold, '')}`;
    if (holder.kind === 'baseline' || holder.kind === 'unknown') {
      return `${whence} ${taskAt(analysis, put)} gives it back ${at(analysis, put)}${via(analysis, put)} (${line(analysis, put)}), which does not show who held it.`;
    }
    if (isLink(holder)) {
      return `${whence} It is given back when ${holder.name} is freed ${at(analysis, put)} (${line(analysis, put)}), so it is that module's link.`;
    }
    if (holder.kind === 'module') {
      return `${whence} It is given back by the exit function of ${holder.name} ${at(analysis, put)}${via(analysis, put)} (${line(analysis, put)}), so that module held it.`;
    }
    return `${whence} ${taskAt(analysis, put)} gives it back ${at(analysis, put)}${via(analysis, put)} (${line(analysis, put)}), so it is the likeliest holder until then.`;
  }
  const flags = detail.context.flags[row]!;
  const taker = taskAt(analysis, row);
  const taken = `Taken by ${taker} ${at(analysis, row)}${via(analysis, row)} (${line(analysis, row)})`;
  const end = wordEnd(analysis, hold, taker);
  if ((flags & RowFlag.failedLink) !== 0)
    return `${taken} for a module whose load then failed; its name is not recorded.`;
  if (isLink(holder)) {
    const by = detail.context.by[row]!;
    if ((flags & RowFlag.linked) === 0) return `${taken} for a module whose load is not recorded. ${end}`;
    return `${taken} just before it loaded ${holder.name} (${line(analysis, by)}). ${end}`;
  }
  if ((flags & RowFlag.inInit) !== 0) {
    const module = analysis.table.modules[analysis.table.module[detail.context.by[row]!]!];
    return `${taken} while the init function of ${module} ran. ${end}`;
  }
  if (holder.kind === 'mount' && (flags & RowFlag.inMount) !== 0)
    return `${taken} while ${holder.name} was being mounted. ${end}`;
  if (
    detail.built.end[hold] === HoldEnd.foreign &&
    !holder.madeBy &&
    (holder.kind === 'task' || holder.kind === 'socket')
  ) {
    return `${taken}. ${end} Between them it changed hands (a fork, or a file passed on); when is not recorded.`;
  }
  return `${taken}. ${end}`;
}

function wordDoubts(analysis: Analysis, { ambiguousSince, suspect, lossSince }: Doubts): string {
  const words: string[] = [];
  if (ambiguousSince !== undefined) {
    const giver = giverAt(analysis, ambiguousSince);
    words.push(
      giver === undefined
        ? ' Since then one of several such references was given back, and nobody can say which.'
        : ` Since then one of several such references was given back, by ${giver}, and nobody can say which.`,
    );
  } else if (suspect !== undefined) {
    const giver = giverAt(analysis, suspect) ?? 'somebody';
    words.push(
      ` ${giver} has given back a reference that is counted as another one; if this one had been handed to it, it may have been this.`,
    );
  }
  if (lossSince) words.push(' Events were lost since it was taken, so it may have been given back unseen.');
  return words.join('');
}

/** Who gave something back, with its place; undefined where the event is no put. */
function giverAt(analysis: Analysis, row: number): string | undefined {
  if (analysis.table.kind[row] !== EventKind.put) return undefined;
  return `${taskAt(analysis, row)} ${at(analysis, row)} (${line(analysis, row)})`;
}

function wordMeaning(analysis: Analysis, hold: number, holder: NamedHolder): string {
  const { detail, holds, table } = analysis;
  if (holder.kind === 'loader')
    return 'The loader holds the module while its init function runs, or while a load fails.';
  if (isLink(holder)) return `${holder.name} uses symbols that this module exports.`;
  const row = holds.startRow[hold]! >= 0 ? holds.startRow[hold]! : detail.built.putRow[hold]!;
  const site = row < 0 ? undefined : detail.sites[table.callSite[row]!];
  const meaning = (holds.startRow[hold]! >= 0 ? site?.get : site?.put)?.meaning ?? '';
  if (isNobody(holder)) return 'What it is for is not recorded.';
  const module = table.modules[holds.module[hold]!]!;
  if (isMounted(holder))
    return `A filesystem of ${module} is mounted; each one keeps the module loaded until it is unmounted.`;
  if (isOwnFilesystem(holder))
    return `${holder.name} keeps an internal filesystem of ${module}, which nobody sees mounted, for as long as it is loaded.`;
  if (meaning !== '') return holds.startRow[hold]! >= 0 ? meaning : `What its end tells: ${meaning}`;
  return 'What this call site takes a reference for is not known.';
}

/** A reference of unknown origin; one of an unknown call site has at least somebody who took it. */
function isNobody({ kind, pid }: NamedHolder): boolean {
  return kind === 'baseline' || (kind === 'unknown' && pid < 0);
}

/** What get_filesystem took: for a mount that people see, or for one that a module made for itself. */
function isMounted({ kind, noun }: NamedHolder): boolean {
  return kind === 'mount' && noun === mountSort.noun;
}

function isOwnFilesystem({ kind, noun }: NamedHolder): boolean {
  return kind === 'module' && noun.endsWith(OWN_FILESYSTEM);
}

const mountSort = holderSort('filesystem-mount');

const plainName = /^[A-Za-z0-9_-]+$/;

function wordRelease(analysis: Analysis, hold: number, holder: NamedHolder): string {
  const { detail, holds, table } = analysis;
  const row = holds.startRow[hold]!;
  const site = row < 0 ? undefined : detail.sites[table.callSite[row]!];
  const advice = site?.get.release ?? '';
  switch (holder.kind) {
    case 'loader':
      return 'Wait until the module is loaded.';
    case 'module': {
      // A name of anyone's choosing never becomes part of a command.
      if (!plainName.test(holder.name)) return 'Unload the module that holds it first.';
      const unload = `Unload ${holder.name} first: modprobe -r ${holder.name}`;
      if (holder.name === table.modules[holds.module[hold]!])
        return (
          advice || 'Only the module itself can let go: stop what it does (a thread, a device, a setting of its own).'
        );
      return unload;
    }
    case 'baseline':
    case 'unknown':
      return 'Look at the running system: lsof and fuser on its devices, findmnt for mounts, ss for sockets.';
    case 'task':
    case 'socket': {
      if (site?.get.transient === true && advice !== '') return advice;
      const close = `Let ${holder.name} (pid ${holder.pid}) close it, or stop that process.`;
      return advice === '' ? close : `${close} In general: ${advice}`;
    }
    case 'mount':
      if (!isMounted(holder)) return advice || `Unmount the ${holder.name} filesystem.`;
      return 'Unmount it: findmnt lists what is mounted where, umount lets go. One that was unmounted lazily and is still in use, or that lives on in another mount namespace, counts too.';
    case 'kernel':
      return advice === '' ? 'The kernel itself holds it, not a process: stop what made it do so.' : advice;
    default:
      return advice || 'Remove what uses it.';
  }
}

/** Tells of one hold in sentences, for the account of its holder. */
export function describeHolder(analysis: Analysis, hold: number, holder: NamedHolder, doubts: Doubts): HolderWords {
  return {
    evidence: wordEvidence(analysis, hold, holder) + wordDoubts(analysis, doubts),
    meaning: wordMeaning(analysis, hold, holder),
    release: wordRelease(analysis, hold, holder),
  };
}
