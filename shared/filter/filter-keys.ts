import { EventKind } from '../event-table/event-table.ts';

/** What a term of a filter may ask for, with the words that explain it where it is offered. */
export const filterKeys = {
  module: 'the module got, put, loaded or freed',
  task: 'the name of the task, or name-pid',
  pid: 'the id of the thread or of its process',
  site: 'the call site',
  event: 'get, put, load, free or request',
  time: 'a time, or a range such as 102.1..102.2',
  cpu: 'the CPU',
  is: 'what became of the reference',
  refcount: 'the count that the event printed',
} as const;
export type FilterKey = keyof typeof filterKeys;

export const eventNames = Object.keys(EventKind) as (keyof typeof EventKind)[];

/** What `is:` may ask of the hold that an event opens or closes; bits of a column. */
export const HoldState = { open: 1, ended: 2, transient: 4, unexplained: 8, unpaired: 16 } as const;
export type HoldState = keyof typeof HoldState;

export const holdStates: Readonly<Record<HoldState, string>> = {
  open: 'never given back in the recording',
  ended: 'given back later',
  transient: 'taken and given back within one call',
  unexplained: 'belongs to no holder that evidence names',
  unpaired: 'a get or put that no hold was made of',
};
