import type { Problem } from '../../../shared/problem.ts';
import type { HelperCommand } from './helper-command.ts';
import type { CaptureSurvey } from './survey-capture.ts';

/** A helper that may be started, or everything that stands in the way. */
export type PreparedCapture =
  | { readonly ok: true; readonly command: HelperCommand }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Whether a recording may be tried after all that was found. */
export function prepareCapture({ chosen, checks }: CaptureSurvey): PreparedCapture {
  if (!chosen.ok) return { ok: false, problems: [chosen.problem] };
  const inTheWay = checks.filter((check) => check.blocks);
  if (inTheWay.length === 0) return { ok: true, command: chosen.command };
  return {
    ok: false,
    problems: inTheWay.map(({ name, detail, remedy }) => ({ what: `${name}:`, why: detail, remedy })),
  };
}
