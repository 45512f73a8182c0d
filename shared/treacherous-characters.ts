/**
 * What must reach no screen as it is: control characters, line and paragraph separators, marks that turn the direction
 * of text or take no room, blanks that are no space, lone surrogates and private characters.
 */
export const TREACHEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  /[\u0000-\u001f\u007f-\u009f]|[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;
