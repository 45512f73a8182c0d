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
            onChange={(event) => change({ which: event.target.value === 'except' ? 'except' : 'only' })}
          >
            <option value="only">Only</option>
            <option value="except">All but</option>
          </select>
          {names.map((name) => (
            <span key={name} className="chip">
              <span className="mono ellipsis">{name}</span>
              <button type="button" className="chip-remove" aria-label={`Without ${name}`} onClick={() => remove(name)}>
                <X size={12} aria-hidden />
              </button>
            </span>
          ))}
        </>
      )}
      <AddModule names={names} onAdd={(name) => change({ names: [...names, name] })} />
    </fieldset>
  );
}

/** A field that adds a module when its name is complete: typed and entered, or taken from the list of what is loaded. */
function AddModule({ names, onAdd }: { readonly names: readonly string[]; readonly onAdd: (name: string) => void }) {
  const [text, setText] = useState('');
  const [loaded, setLoaded] = useState<readonly string[]>([]);
  const list = useId();
  if (names.length >= captureLimits.nameCount) return null;

  const add = (written: string) => {
    const name = written.trim().replaceAll('-', '_');
    if (!isModuleName(name)) return;
    setText('');
    if (!names.includes(name)) onAdd(name);
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
        maxLength={captureLimits.nameLength}
        aria-invalid={text !== '' && !isModuleName(text.trim())}
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
