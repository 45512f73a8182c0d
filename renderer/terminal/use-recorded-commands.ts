import { useMemo } from 'react';
import type { TimelineCommand } from '../../shared/view-model/draw-commands.ts';
import { commandMark, type RecordedCommand } from '../../shared/view-model/recorded-command.ts';
import { useStore } from '../state/store.ts';
import { visibleSentence } from '../widgets/visible-text.ts';
import { recordedCommands } from './recorded-commands.ts';

/** The commands that ran during the open recording. */
export function useRecordedCommands(): readonly RecordedCommand[] {
  const recording = useStore((state) => state.recording);
  const commands = useStore((state) => state.commands);
  const keptCommands = useStore((state) => state.keptCommands);
  const boot = useStore((state) => state.boot);
  return useMemo(
    () => recordedCommands({ recording, commands, keptCommands, boot }),
    [recording, commands, keptCommands, boot],
  );
}

/** The same as the timeline draws them. */
export function useCommandMarks(): readonly TimelineCommand[] {
  const commands = useRecordedCommands();
  return useMemo(() => commands.map((command) => commandMark(command, visibleSentence)), [commands]);
}
