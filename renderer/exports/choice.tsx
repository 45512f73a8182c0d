import { useId } from 'react';

interface ChoiceProps<Value> {
  readonly name: string;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, side by side. */
export function Choice<Value extends string | number>({ name, options, chosen, onChoose }: ChoiceProps<Value>) {
  const group = useId();
  return (
    <fieldset className="choice">
      <legend>{name}</legend>
      <div className="choice-options">
        {options.map(({ value, text }) => (
          <label key={value} className={value === chosen ? 'choice-option choice-chosen' : 'choice-option'}>
            <input
              type="radio"
              className="visually-hidden"
              name={group}
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
