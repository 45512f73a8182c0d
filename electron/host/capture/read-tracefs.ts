import type { CaptureEnd } from '../../../shared/capture-protocol/capture-progress.ts';
import { createFrameDecoder } from '../../../shared/capture-protocol/create-frame-decoder.ts';
import { encodeReadTracefs } from '../../../shared/capture-protocol/encode-request.ts';
import { explainRefusal } from '../../../shared/capture-protocol/explain-refusal.ts';
import type { Output } from '../../../shared/ipc/contract.ts';
import { maxFactLength, maxFacts } from '../../../shared/ipc/tracefs-contract.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { TracefsFact } from '../../../shared/tracefs/describe-tracefs.ts';
import { explainSilentEnd } from './explain-ended-helper.ts';
import type { HelperCommand } from './helper-command.ts';
import { startHelperProcess } from './start-helper-process.ts';

/** All facts as JSON; a message has room for 64 KiB with what is around them. */
const maxJsonLength = 56 * 1024;

/** Has the helper read what there is to see in tracefs. It changes nothing there, and ends by itself. */
export async function readTracefs(command: HelperCommand): Promise<Output<'tracefs.read'>> {
  const helper = startHelperProcess(command, encodeReadTracefs());
  const decoder = createFrameDecoder();
  const facts: TracefsFact[] = [];
  let refusal: Problem | undefined;
  let leftOut = 0;
  let length = 0;
  for await (const chunk of helper.chunks()) {
    for (const frame of decoder.push(chunk)) {
      if (frame.kind === 'refusal') refusal = explainRefusal(frame.code, frame.sentence);
      if (frame.kind !== 'fact') continue;
      const fact = bound(frame);
      length += JSON.stringify(fact).length + 1;
      if (length > maxJsonLength || facts.length === maxFacts) leftOut++;
      else facts.push(fact);
    }
    if (decoder.failed !== undefined) break;
  }
  const cut = decoder.finish();
  helper.closeInput();
  const exit = await helper.ended;
  if (refusal !== undefined) return refuse('refused', refusal);
  if (facts.length === 0) {
    const { end, problem } = explainSilentEnd(exit);
    return refuse(end, problem);
  }
  if (cut !== undefined) return refuse('garbled', cut);
  return { ok: true, facts, leftOut };
}

function refuse(end: CaptureEnd, problem: Problem): Output<'tracefs.read'> {
  return { ok: false, end, problem: { ...problem, what: 'tracefs was not read.' } };
}

/** Latin-1 of whatever is in the file: what is no text is made visible by who shows it. */
function bound({ name, error, text }: { name: string; error: number; text: string }): TracefsFact {
  return { name: name.slice(0, 1024), error, text: text.slice(0, maxFactLength), cut: text.length > maxFactLength };
}
