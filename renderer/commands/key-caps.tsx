import { capsOf } from './name-key.ts';

/** The caps of a key to press, if there is one. */
export function KeyCaps({ name }: { readonly name: string | undefined }) {
  return (
    <span className="key-caps">
      {name === undefined
        ? null
        : capsOf(name).map((cap) => (
            <kbd key={cap} className="kbd">
              {cap}
            </kbd>
          ))}
    </span>
  );
}
