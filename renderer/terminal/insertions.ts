/** A command that is put into the terminal's line; a person runs it. */
export interface Insertion {
  readonly name: string;
  readonly command: string;
}

/** The kernel's names of modules; no shell takes them for anything else. */
const MODULE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;

/** What one most often types about a module. */
export function insertionsFor(module: string | undefined): readonly Insertion[] {
  if (module === undefined || !MODULE_NAME.test(module)) return [];
  return [
    { name: 'Load it', command: `sudo modprobe ${module}` },
    { name: 'Unload it', command: `sudo modprobe -r ${module}` },
    { name: 'Load a file of it', command: `sudo insmod ./${module}.ko` },
  ];
}
