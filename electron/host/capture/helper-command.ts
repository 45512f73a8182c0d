/** How the helper is started. */
export interface HelperCommand {
  /** Who makes it root: nobody (it is run as it is), polkit, or sudo without asking. */
  readonly way: 'root' | 'pkexec' | 'sudo';
  readonly file: string;
  readonly argv: readonly string[];
}
