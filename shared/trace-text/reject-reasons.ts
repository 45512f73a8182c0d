/** The reasons that say something of the whole text when most lines have them. */
export const NOT_A_LINE = 'not a line of a trace';
export const NO_CONTEXT = 'no task, CPU and time before the event';
export const RAW_ENTRY = 'an entry without its fields, as the trace options raw, hex and bin print it';
export const NO_FIELDS = 'the event has no fields';
