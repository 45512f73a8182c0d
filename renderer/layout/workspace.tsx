import type { CSSProperties } from 'react';
import { HoldersPanel } from '../holders/holders-panel.tsx';
import { ModulesPanel } from '../modules/modules-panel.tsx';
import { useLooking } from '../present/use-looking.ts';
import { useStore } from '../state/store.ts';
import { NoRecording } from '../timeline/no-recording.tsx';
import { TimelinePanel } from '../timeline/timeline-panel.tsx';
import { Splitter } from '../widgets/splitter.tsx';
import { LowerPanel } from './lower-panel.tsx';

/** The four regions and the bars between them, of a recording, of the system as it is now, or of both. */
export function Workspace() {
  const panels = useStore((state) => state.settings.panels);
  const recording = useStore((state) => state.recording?.id);
  const changeSettings = useStore((state) => state.changeSettings);
  useLooking();
  const sizes = {
    '--left': `${panels.left}px`,
    '--right': `${panels.right}px`,
    '--bottom': `${panels.bottom}px`,
  } as CSSProperties;
  return (
    <main className={recording === undefined ? 'workspace workspace-now' : 'workspace'} style={sizes}>
      <ModulesPanel key={`modules ${recording}`} />
      <Splitter
        label="Width of the modules"
        side="right"
        size={panels.left}
        smallest={180}
        largest={700}
        onResize={(left) => changeSettings({ panels: { ...panels, left } })}
      />
      {recording === undefined ? <NoRecording /> : <TimelinePanel key={recording} />}
      <Splitter
        label="Width of the holders"
        side="left"
        size={panels.right}
        smallest={240}
        largest={800}
        onResize={(right) => changeSettings({ panels: { ...panels, right } })}
      />
      <HoldersPanel key={`holders ${recording}`} />
      <Splitter
        label="Height of the events"
        side="top"
        size={panels.bottom}
        smallest={96}
        largest={900}
        onResize={(bottom) => changeSettings({ panels: { ...panels, bottom } })}
      />
      <LowerPanel />
    </main>
  );
}
