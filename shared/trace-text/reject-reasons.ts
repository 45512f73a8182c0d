/** The reasons that say something of the whole text when most lines have them. */
export const NOT_A_LINE = 'not a line of a trace';
export const NO_CONTEXT = 'no task, CPU and time before the event';
export const RAW_ENTRY = 'an entry without its fields, as the trace options raw, hex and bin print it';
export const CUT_OFF = 'cut off: the line has no end';
export const COLOURED = 'coloured by another program: terminal codes stand within it';
export const QUOTED = 'quoted, as in a mail: “>” stands before it';
export const NUMBERED = 'a line number stands before it';
export const PREFIXED = 'printed into the kernel log, whose time stands before it';
export const NO_FIELDS = 'the event has no fields';
export const UNENDED_NAME = 'the line belongs to a request whose name holds a line end';
