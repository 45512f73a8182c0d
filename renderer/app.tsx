import { useCallback, useEffect, useState } from 'react';
import { HelpDialog } from './help/help-dialog.tsx';
import { useGlobalKeys } from './help/use-global-keys.ts';
import { Workspace } from './layout/workspace.tsx';
import { DropAnywhere } from './open/drop-anywhere.tsx';
import { OpeningBar } from './open/opening-bar.tsx';
import { ProblemBanner } from './open/problem-banner.tsx';
import { StartScreen } from './start/start-screen.tsx';
import { useStore } from './state/store.ts';
import { useThemeOnPage } from './theme/use-theme.ts';
import { RecordingDialog } from './top-bar/recording-dialog.tsx';
import { TopBar } from './top-bar/top-bar.tsx';
import { visibleText } from './widgets/visible-text.ts';

/** The whole window. */
export function App() {
  const recording = useStore((state) => state.recording);
  const [dialog, setDialog] = useState<'help' | 'about' | undefined>(undefined);
  const close = useCallback(() => setDialog(undefined), []);
  const showHelp = useCallback(() => setDialog('help'), []);
  useThemeOnPage();
  useGlobalKeys(showHelp);

  const name = recording?.summary.name;
  useEffect(() => {
    document.title = name === undefined ? 'ModShark' : `${visibleText(name)} – ModShark`;
  }, [name]);

  return (
    <div className="app">
      <TopBar onAbout={() => setDialog('about')} onHelp={showHelp} />
      <OpeningBar />
      <ProblemBanner />
      {recording === undefined ? <StartScreen /> : <Workspace key={recording.id} />}
      <DropAnywhere />
      {dialog === 'help' ? <HelpDialog onClose={close} /> : null}
      {dialog === 'about' && recording !== undefined ? <RecordingDialog onClose={close} /> : null}
    </div>
  );
}
