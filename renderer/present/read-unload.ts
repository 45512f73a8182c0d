/** `sudo`, `doas`, `pkexec` with options of their own, and a path before the command's name. */
const PREFIX = '(?:(?:sudo|doas|pkexec)(?:\\s+-\\S+)*\\s+)?(?:\\S*/)?';
/** `modprobe -r`, `modprobe -v --remove`, `modprobe -rv`; `rmmod` with or without options. */
const COMMAND = '(?:modprobe\\s+(?:-\\S+\\s+)*?(?:-[a-z]*r[a-z]*|--remove)|rmmod)(?=\\s)';
const UNLOAD = new RegExp(`^\\s*${PREFIX}${COMMAND}((?:\\s+[\\w-]+)+)\\s*$`);

/** The modules that a line typed into a shell tries to unload, as the kernel calls them; none where it does something else. */
export function readUnload(line: string): readonly string[] {
  // Of several commands in a line, the last one says how it ended.
  const last = line.split(/&&|\|\||[;|&\n]/).at(-1) ?? '';
  const words = UNLOAD.exec(last)?.[1]?.trim().split(/\s+/) ?? [];
  return words.filter((word) => !word.startsWith('-')).map((word) => word.replaceAll('-', '_'));
}
