/**
 * Units as types: a number that says what it counts. A plain number may be given where a unit is asked for, but one
 * unit never where another is meant, so nanoseconds cannot be drawn as pixels.
 */
type Unit<Name extends string> = number & { readonly __unit?: Name };

/** Time since the first event of the recording. Nanoseconds, or ticks where the recording's clock counts no seconds. */
export type RecordingTime = Unit<'RecordingTime'>;
/** A count of references: what an event printed, or what lsmod would say. */
export type Refcount = Unit<'Refcount'>;
/** Layout pixels of the page; a canvas multiplies them by the device pixel ratio. */
export type CssPixels = Unit<'CssPixels'>;
/** Line of the text that was read; the first is 1. */
export type LineNumber = Unit<'LineNumber'>;
/** Row of an event table. −1 for none. */
export type IndexIntoEvents = Unit<'IndexIntoEvents'>;
/** Place in `EventTable.modules`. −1 for none. */
export type IndexIntoModules = Unit<'IndexIntoModules'>;
/** Place in `EventTable.tasks`. −1 for none. */
export type IndexIntoTasks = Unit<'IndexIntoTasks'>;
/** Place in `EventTable.callSites`. −1 for none. */
export type IndexIntoCallSites = Unit<'IndexIntoCallSites'>;
/** Row of a hold table. −1 for none. */
export type IndexIntoHolds = Unit<'IndexIntoHolds'>;
