import { PanelBottomClose, PanelBottomOpen } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { useStore } from '../state/store.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { isTabThere, type LowerTab } from './lower-tab.ts';
import { lowerTabs } from './lower-tabs.ts';

const USUAL_HEIGHT = 272;
const TALL = 900;

/** The region below: one of its tabs. Where the chosen one has nothing to show, the first that has. */
export function LowerPanel() {
  const chosen = useStore((state) => state.tab);
  const recording = useStore((state) => state.recording?.id);
  const { showTab } = useStore.getState();
  const tabs = useRef<HTMLDivElement | null>(null);
  // Whether a tab is there depends on what is open alone.
  const there = lowerTabs.filter((one) => isTabThere(one, useStore.getState()));
  const shown = there.find(({ tab }) => tab === chosen) ?? there[0];
  if (shown === undefined) return null;
  const { tab, Content, Choices, Tools } = shown;
  // Another recording is another content; what is of the window alone stays.
  const key = `${tab} ${shown.of === 'window' ? '' : (recording ?? 'now')}`;

  const onKeyDown = (event: KeyboardEvent) => {
    const at = there.indexOf(shown);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: there.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const other = there[(next + there.length) % there.length]!.tab;
    showTab(other);
    tabs.current?.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  };

  return (
    <section className="panel panel-lower" aria-label="Events, graph and numbers">
      <header className="panel-head">
        <div role="tablist" className="tabs" aria-label="What is shown below" ref={tabs}>
          {there.map((one) => (
            <Tab key={one.tab} of={one} selected={one === shown} onKeyDown={onKeyDown} />
          ))}
        </div>
        {Choices === undefined ? null : <Choices key={`choices ${key}`} />}
        <span className="spring" />
        {Tools === undefined ? null : <Tools key={`tools ${key}`} />}
        <HeightSwitch />
      </header>
      <div id="lower-content" role="tabpanel" className="lower-content" aria-labelledby={`tab-${tab}`}>
        <Content key={key} />
      </div>
    </section>
  );
}

interface TabProps {
  readonly of: LowerTab;
  readonly selected: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function Tab({ of: { tab, text, Note }, selected, onKeyDown }: TabProps) {
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${tab}`}
      aria-selected={selected}
      aria-controls="lower-content"
      tabIndex={selected ? 0 : -1}
      onClick={() => useStore.getState().showTab(tab)}
      onKeyDown={onKeyDown}
    >
      {text}
      {Note === undefined ? null : <Note />}
    </button>
  );
}

/** Gives the region below more of the window, for a graph needs it. */
function HeightSwitch() {
  const panels = useStore((state) => state.settings.panels);
  const changeSettings = useStore((state) => state.changeSettings);
  const isTall = panels.bottom > USUAL_HEIGHT;
  const label = isTall ? 'Make this region lower' : 'Make this region taller';
  return (
    <IconButton
      name={label}
      onClick={() => changeSettings({ panels: { ...panels, bottom: isTall ? USUAL_HEIGHT : TALL } })}
    >
      {isTall ? <PanelBottomClose size={15} aria-hidden /> : <PanelBottomOpen size={15} aria-hidden />}
    </IconButton>
  );
}
