/**
 * The files that a command line names.
 *
 * Shape: `electron [switches] APP -- FILE…` while developing, `modshark [switches] [--] FILE…` when packaged. Electron's
 * and Chromium's own switches stand before the `--`.
 */
export function filesOfCommandLine(argv: readonly string[], isPackaged: boolean): readonly string[] {
  const end = argv.indexOf('--');
  if (end >= 0) return argv.slice(end + 1);
  const words = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  return isPackaged ? words : words.slice(1);
}
