import type { CommandGroup } from '../commands/command.ts';
import { commands } from '../commands/commands.ts';
import { KeyCaps } from '../commands/key-caps.tsx';
import { Dialog } from '../widgets/dialog.tsx';

/** What is no command: the mouse, and the keys of what has the focus. */
const GESTURES: readonly {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}[] = [
  {
    title: 'Mouse on the timeline',
    keys: [
      ['Wheel, pinch', 'zoom at the pointer'],
      ['Sideways wheel, Shift + wheel', 'pan'],
      ['Drag', 'pan'],
      ['Shift + drag', 'zoom into what is marked'],
      ['Click', 'set the cursor, select what is there'],
      ['Right click', 'set marker A or B, or write a note, here'],
      ['Double click on the ruler', 'write a note here'],
      ['Drag a name', 'move its track'],
      ['Double click on the overview', 'zoom to the burst of events there'],
    ],
  },
  {
    title: 'Holder graph',
    keys: [
      ['← → ↑ ↓  Home End', 'walk along the arrows and down the columns, to the ends'],
      ['Enter, Space', 'select a holder, a module or a reference everywhere'],
      ['F', 'show only what is around a node'],
      ['E', 'show the tasks of a group one by one, or together again'],
      ['+ − 0', 'zoom in, out, fit'],
      ['Esc', 'go back to the selected module'],
    ],
  },
  {
    title: 'In a terminal',
    keys: [
      ['Ctrl + F6', 'leave it: every other key but these is the program’s'],
      ['Ctrl + Shift + C', 'copy what is marked'],
      ['Ctrl + Shift + V', 'paste'],
      ['Ctrl + Shift + F', 'search what it showed'],
    ],
  },
  {
    title: 'Where the focus is',
    keys: [
      ['↑ ↓  PageUp PageDown', 'the module or event before and after'],
      ['Shift + ↑ ↓, Shift + click, Ctrl + A', 'select several events'],
      ['Ctrl + C', 'copy the selected events as text'],
      ['Enter', 'the stack trace of the selected event; in the search, the next hit (Shift: the one before)'],
      ['← → Home End', 'in the tabs, the one before and after'],
      ['Tab', 'go from region to region; the bars between them move with the arrow keys'],
      ['Esc', 'close what is open on top'],
    ],
  },
];

/** Every key and gesture. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Dialog title="Keys and gestures" wide onClose={onClose}>
      <div className="help-groups">
        {groups.map((group) => (
          <CommandKeys key={group} group={group} />
        ))}
        {GESTURES.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className="help-keys">
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function CommandKeys({ group }: { readonly group: CommandGroup }) {
  const bound = commands.filter((command) => command.group === group && command.keys.length > 0);
  if (bound.length === 0) return null;
  return (
    <section>
      <h3>{group}</h3>
      <dl className="help-keys">
        {bound.map(({ id, name, keys }) => (
          <div key={id}>
            <dt>
              {keys.slice(0, 2).map((key) => (
                <KeyCaps key={key} name={key} />
              ))}
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
