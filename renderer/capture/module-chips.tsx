import { X } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { captureLimits } from '../../shared/capture-protocol/capture-request.ts';
import { isModuleName } from '../../shared/capture-protocol/check-capture-request.ts';
import { useStore } from '../state/store.ts';
import { withHost } from './run-capture.ts';

/** Of which modules gets and puts are recorded. */
export function ModuleChips() {
  const chosen = useStore((state) => state.settings.capture);
  const { which, names } = chosen.modules;
  const change = (modules: Partial<typeof chosen.modules>) =>
    useStore.getState().changeSettings({ capture: { ...chosen, modules: { ...chosen.modules, ...modules } } });
  const remove = (name: string) => change({ names: names.filter((other) => other !== name) });
  return (
    <fieldset className="module-chips">
      <legend className="visually-hidden">Modules to record</legend>
      {names.length === 0 ? (
        <span className="quiet">All modules</span>
      ) : (
        <>
          <select
            className="chip-choice"
            aria-label="Which modules"
            value={which}
            onChange={({ target: { value } }) => {
              if (value === 'all') change({ names: [] });
              else change({ which: value === 'except' ? 'except' : 'only' });
            }}
          >
            <option value="only">Only</option>
            <option value="except">All but</option>
            <option value="all">All modules</option>
          </select>
          {names.map((name) => (
            <span key={name} className="chip" title={name}>
              <span className="mono ellipsis">{name}</span>
              <button type="button" className="chip-remove" aria-label={`Without ${name}`} onClick={() => remove(name)}>
                <X size={12} aria-hidden />
              </button>
            </span>
          ))}
        </>
      )}
      <AddModules names={names} onAdd={(added) => change({ names: [...names, ...added] })} />
    </fieldset>
  );
}

/** A field that adds a module when its name is complete: entered, or taken from the list of what is loaded; or many. */
function AddModules({
  names,
  onAdd,
}: {
  readonly names: readonly string[];
  readonly onAdd: (added: readonly string[]) => void;
}) {
  const [text, setText] = useState('');
  const [loaded, setLoaded] = useState<readonly string[]>([]);
  const list = useId();
  const room = captureLimits.nameCount - names.length;
  if (room <= 0) return <span className="quiet">{captureLimits.nameCount} at most</span>;

  const add = (written: string) => {
    const { good, bad } = readNames(written);
    const added = good.filter((name) => !names.includes(name)).slice(0, room);
    setText(bad.join(' '));
    if (added.length > 0) onAdd(added);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ' && event.key !== ',') return;
    event.preventDefault();
    add(text);
  };
  const lookAround = async () => {
    const found = await withHost((host) => host.request('capture.modules', null));
    if (found !== undefined) setLoaded(found);
  };
  return (
    <>
      <input
        className="chip-input"
        aria-label="Add a module to record"
        placeholder={names.length === 0 ? 'or only these…' : 'add…'}
        list={list}
        value={text}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={readNames(text).bad.length > 0}
        onFocus={() => void lookAround()}
        onChange={(event) => {
          const { value } = event.target;
          // Taken from the list it comes at once; typed it comes letter by letter.
          if (loaded.includes(value) && Math.abs(value.length - text.length) > 1) add(value);
          else setText(value);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => add(text)}
      />
      <datalist id={list}>
        {loaded
          .filter((name) => !names.includes(name))
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
    </>
  );
}

/** Names as they are written or pasted, with blanks or commas between them; what is none stays to be mended. */
function readNames(written: string): { readonly good: readonly string[]; readonly bad: readonly string[] } {
  const words = [...new Set(written.split(/[\s,]+/).filter((word) => word !== ''))];
  const good = words.filter(isModuleName).map((name) => name.replaceAll('-', '_'));
  return { good: [...new Set(good)], bad: words.filter((word) => !isModuleName(word)) };
}
