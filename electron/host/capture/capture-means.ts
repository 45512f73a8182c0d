import type { SnapshotWay } from '../../../shared/ipc/snapshot-contract.ts';
import type { HelperCommand } from './helper-command.ts';
import type { HostSystem } from './host-system.ts';
import type { CaptureSurvey } from './survey-capture.ts';

/** What recordings are made with. */
export interface CaptureMeans {
  readonly system: HostSystem;
  /** How this program is called, to say how to record by hand. */
  readonly called: string;
  /** Instead of what would be chosen; asked before each recording. */
  readonly command?: () => HelperCommand;
  /** Who asks for a password, instead of who would be found to. */
  readonly asks?: () => CaptureSurvey['asks'];
  /** The same for looking at the system, as the user or as root. */
  readonly lookCommand?: (way: SnapshotWay) => HelperCommand;
}
