import { Dialog } from '../widgets/dialog.tsx';

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [keys: string, does: string])[] }[] =
  [
    {
      title: 'Timeline',
      keys: [
        ['w s  or  + −', 'zoom in and out around the cursor'],
        ['a d  or  ← →', 'pan'],
        ['Home End', 'go to the start, to the end'],
        ['0', 'show the whole recording'],
        ['n p', 'next, previous event of the selected module'],
      ],
    },
    {
      title: 'Mouse on the timeline',
      keys: [
        ['Wheel, pinch', 'zoom at the pointer'],
        ['Sideways wheel, Shift + wheel', 'pan'],
        ['Drag', 'pan'],
        ['Shift + drag', 'zoom into what is marked'],
        ['Click', 'set the cursor, select what is there'],
      ],
    },
    {
      title: 'Lists',
      keys: [
        ['↑ ↓  PageUp PageDown', 'the module or event before and after'],
        ['Enter', 'the stack trace of the selected event'],
        ['/', 'filter the events'],
      ],
    },
    {
      title: 'Everywhere',
      keys: [
        ['Ctrl + O', 'open a recording'],
        ['Tab', 'go from region to region; the bars between them move with the arrow keys'],
        ['Esc', 'dismiss a message or this page'],
        ['?', 'this page'],
      ],
    },
  ];

/** Every key and gesture. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys and gestures" wide onClose={onClose}>
      <div className="help-groups">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className="help-keys">
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    <Keys keys={key} />
                  </dt>
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

/** Single keys get a cap; gestures and the words between are written out. */
function Keys({ keys }: { readonly keys: string }) {
  if (/wheel|pinch|drag|click/i.test(keys)) return keys;
  const parts = keys.split(' ').map((part, place) => ({ part, id: `${place} ${part}` }));
  return parts.map(({ part, id }) => {
    const plain = part === 'or' || part === '' || (part === '+' && keys.includes('Ctrl'));
    return plain ? (
      <span key={id}> {part} </span>
    ) : (
      <kbd key={id} className="kbd">
        {part}
      </kbd>
    );
  });
}
