/** The bytes that the scanners know by name. */
export const NEWLINE = 10;
export const RETURN = 13;
export const ESCAPE = 27;
export const BLANK = 32;
export const OPEN_PAREN = 40;
export const CLOSE_PAREN = 41;
export const DASH = 45;
export const DOT = 46;
export const ZERO = 48;
export const NINE = 57;
export const COLON = 58;
export const EQUALS = 61;
export const OPEN_BRACKET = 91;
export const CLOSE_BRACKET = 93;
