import { createFrameDecoder } from '../../../../shared/capture-protocol/create-frame-decoder.ts';
import { encodeStart } from '../../../../shared/capture-protocol/encode-request.ts';
import { everything, spawnHelper } from '../capture.ts';
import { instanceNames } from '../kernel.ts';
import { check } from '../report.ts';

/** The kernel keeps even root out. */
export const lockedDown = {
  'a locked-down kernel': async () => {
    const helper = spawnHelper();
    const decoder = createFrameDecoder();
    const kinds: string[] = [];
    helper.stdout.on('data', (chunk: Buffer) => {
      for (const frame of decoder.push(chunk)) kinds.push(frame.kind === 'refusal' ? frame.code : frame.kind);
    });
    const start = encodeStart(everything);
    if (start.ok) helper.stdin.write(start.frame);
    await new Promise((resolve) => helper.on('close', resolve));
    check('it is told apart', kinds, ['tracefs-forbidden', 'bye']);
    check('no instance is left', instanceNames(), []);
  },
};
