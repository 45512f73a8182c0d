/** The content of a session file before it is looked at. */
export type RawSession = Readonly<Record<string, unknown>>;

/** Rewrites the content of one version as that of the next. It may find anything in it: files are edited by hand. */
export type SessionUpgrade = (raw: RawSession) => RawSession;

/** The first upgrades version 1 to 2, and so on. None yet: version 1 is the newest. */
const sessionUpgrades: readonly SessionUpgrade[] = [];

/** Brings the content of a version up to the newest. */
export function upgradeSession(
  raw: RawSession,
  version: number,
  upgrades: readonly SessionUpgrade[] = sessionUpgrades,
): RawSession {
  return upgrades.slice(version - 1).reduce((content, upgrade) => upgrade(content), raw);
}
