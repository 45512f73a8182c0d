import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where ModShark keeps what is the user's. */
export interface UserFolders {
  /** What people may edit. */
  readonly config: string;
  /** What the program remembers. */
  readonly state: string;
  /** What may be thrown away. */
  readonly cache: string;
}

/** Source: XDG Base Directory Specification; a relative path in a variable counts as unset. */
export function findUserFolders(env: NodeJS.ProcessEnv): UserFolders {
  const folder = (variable: string, fallback: string) => {
    const given = env[variable];
    return join(given && isAbsolute(given) ? given : join(env['HOME'] ?? homedir(), fallback), 'modshark');
  };
  return {
    config: folder('XDG_CONFIG_HOME', '.config'),
    state: folder('XDG_STATE_HOME', '.local/state'),
    cache: folder('XDG_CACHE_HOME', '.cache'),
  };
}
