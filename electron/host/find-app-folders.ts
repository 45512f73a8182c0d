import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the program's own files are, and which version it is. */
export interface AppFolders {
  /** The folder of package.json; also what Electron is started with. */
  readonly root: string;
  /** The built page. */
  readonly page: string;
  readonly samples: string;
  readonly version: string;
}

/** The program's folders below the one of its package.json. */
export function findAppFolders(root: string): AppFolders {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, page: join(root, 'out/renderer'), samples: join(root, 'assets/recordings'), version };
}
