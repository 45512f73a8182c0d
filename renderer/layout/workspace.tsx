import type { CSSProperties } from 'react';
import { LowerPanel } from '../events/lower-panel.tsx';
import { HoldersPanel } from '../holders/holders-panel.tsx';
import { ModulesPanel } from '../modules/modules-panel.tsx';
import { useStore } from '../state/store.ts';
import { TimelinePanel } from '../timeline/timeline-panel.tsx';
import { Splitter } from '../widgets/splitter.tsx';

/** The four regions and the bars between them. */
export function Workspace() {
  const panels = useStore((state) => state.settings.panels);
  const changeSettings = useStore((state) => state.changeSettings);
  const sizes = {
    '--left': `${panels.left}px`,
    '--right': `${panels.right}px`,
    '--bottom': `${panels.bottom}px`,
  } as CSSProperties;
  return (
    <main className="workspace" style={sizes}>
      <ModulesPanel />
      <Splitter
        label="Width of the modules"
        side="right"
        size={panels.left}
        smallest={180}
        largest={700}
        onResize={(left) => changeSettings({ panels: { ...panels, left } })}
      />
      <TimelinePanel />
      <Splitter
        label="Width of the holders"
        side="left"
        size={panels.right}
        smallest={240}
        largest={800}
        onResize={(right) => changeSettings({ panels: { ...panels, right } })}
      />
      <HoldersPanel />
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
