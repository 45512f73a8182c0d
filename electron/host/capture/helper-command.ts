/** How the helper is started. */
export interface HelperCommand {
  /** Who makes it root: nobody has to, polkit does, or sudo does without asking. */
  readonly way: 'root' | 'pkexec' | 'sudo';
  readonly file: string;
  readonly argv: readonly string[];
}
