import { useDeferredValue, useEffect, useLayoutEffect } from 'react';
import { CaptureBar } from './capture/capture-bar.tsx';
import { useCommandKeys } from './commands/use-command-keys.ts';
import { ExportDialog } from './exports/export-dialog.tsx';
import { FilterBar } from './filter/filter-bar.tsx';
import { HelpDialog } from './help/help-dialog.tsx';
import { Workspace } from './layout/workspace.tsx';
import { NotesDialog } from './notes/notes-dialog.tsx';
import { DropAnywhere } from './open/drop-anywhere.tsx';
import { OpeningBar } from './open/opening-bar.tsx';
import { ProblemBanner } from './open/problem-banner.tsx';
import { CommandPalette } from './palette/command-palette.tsx';
import { MissingRecording } from './session/missing-recording.tsx';
import { StartScreen } from './start/start-screen.tsx';
import { beginWork } from './state/activity.ts';
import { isInWorkspace } from './state/present-slice.ts';
import { useStore } from './state/store.ts';
import { useThemeOnPage } from './theme/use-theme.ts';
import { RecordingDialog } from './top-bar/recording-dialog.tsx';
import { TopBar } from './top-bar/top-bar.tsx';
import { visibleText } from './widgets/visible-text.ts';

/** The whole window. */
export function App() {
  const recording = useStore((state) => state.recording);
  const inWorkspace = useStore(isInWorkspace);
  // It is made in turns with whatever else the window has to do, for it is large.
  const workspaceMade = useDeferredValue(inWorkspace);
  const underWay = inWorkspace && !workspaceMade;
  useLayoutEffect(() => (underWay ? beginWork() : undefined), [underWay]);
  const dialog = useStore((state) => state.dialog);
  useThemeOnPage();
  useCommandKeys();

  const name = recording === undefined ? (inWorkspace ? 'This system' : undefined) : recording.summary.name;
  useEffect(() => {
    document.title = name === undefined ? 'ModShark' : `${visibleText(name)} – ModShark`;
  }, [name]);

  return (
    <div className="app">
      <TopBar />
      <div className="bars">
        <CaptureBar />
        {recording === undefined ? null : <FilterBar key={recording.id} />}
      </div>
      <OpeningBar />
      <ProblemBanner />
      {inWorkspace && workspaceMade ? <Workspace /> : <StartScreen />}
      <DropAnywhere />
      <MissingRecording />
      {dialog === undefined ? null : <OpenDialog dialog={dialog} hasRecording={recording !== undefined} />}
    </div>
  );
}

interface OpenDialogProps {
  readonly dialog: 'help' | 'about' | 'palette' | 'export' | 'notes';
  readonly hasRecording: boolean;
}

function OpenDialog({ dialog, hasRecording }: OpenDialogProps) {
  if (dialog === 'help') return <HelpDialog onClose={closeDialog} />;
  if (dialog === 'palette') return <CommandPalette onClose={closeDialog} />;
  if (!hasRecording) return null;
  if (dialog === 'about') return <RecordingDialog onClose={closeDialog} />;
  if (dialog === 'export') return <ExportDialog onClose={closeDialog} />;
  return <NotesDialog onClose={closeDialog} />;
}

function closeDialog(): void {
  useStore.getState().showDialog(undefined);
}
