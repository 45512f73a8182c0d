import { type Clock, printTime } from '../../shared/event-table/clock.ts';
import type { EventColumn } from '../../shared/ipc/contract.ts';
import type { EventRow } from '../../shared/view-model/recording-view.ts';
import { visibleTask, visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';

/** One column of the event list. */
export interface ColumnFacts {
  readonly head: string;
  /** What the head alone does not say; empty where it says all. */
  readonly note: string;
  readonly isNumber: boolean;
  /** What stands in its cell: on the screen, where it is measured, and in what is copied. */
  readonly write: (event: EventRow, clock: Clock) => string;
}

export const columnFacts: Readonly<Record<EventColumn, ColumnFacts>> = {
  line: { head: 'Line', note: 'Line of the text', isNumber: true, write: ({ line }) => String(line) },
  time: {
    head: 'Time',
    note: 'As the recording prints it',
    isNumber: true,
    write: ({ time }, clock) => printTime(clock, time),
  },
  cpu: { head: 'CPU', note: '', isNumber: true, write: ({ cpu }) => (cpu < 0 ? '' : String(cpu)) },
  task: {
    head: 'Task',
    note: 'Name and thread id; in italics where the name was taken from the same pid elsewhere',
    isNumber: false,
    write: ({ task, pid }) => visibleTask(task, pid),
  },
  pid: { head: 'Pid', note: 'Thread id', isNumber: true, write: ({ pid }) => (pid < 0 ? '' : String(pid)) },
  event: { head: 'Event', note: '', isNumber: false, write: ({ event }) => event },
  module: {
    head: 'Module',
    note: 'The module, or the alias that was requested',
    isNumber: false,
    write: ({ module, detail }) => (module === '' ? visibleText(detail) : visibleText(module)),
  },
  site: {
    head: 'Call site',
    note: 'The function that took or gave back the reference',
    isNumber: false,
    write: ({ callSite, event, detail }) => {
      if (event === 'load' && detail !== '') return `taints ${visibleText(detail)}`;
      return callSite === '' ? '' : visibleText(callSite);
    },
  },
  refcount: {
    head: 'Printed',
    note: 'The refcount that the kernel printed, its own base of one included',
    isNumber: true,
    write: ({ refcount }) => (refcount === undefined ? '' : writeCount(refcount)),
  },
  hold: {
    head: 'Hold',
    note: 'The hold that the event opens or ends',
    isNumber: false,
    write: ({ holder, event }) => (holder === '' ? '' : `${holdVerb(event)} ${visibleText(holder)}`),
  },
};

/** What an event does to its hold. */
export function holdVerb(event: EventRow['event']): 'opens' | 'ends' {
  return event === 'get' || event === 'load' ? 'opens' : 'ends';
}
