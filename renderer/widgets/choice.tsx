import type { LucideIcon } from 'lucide-react';
import { useId } from 'react';

interface Option<Value> {
  readonly value: Value;
  readonly text: string;
  /** Instead of the text, which is said all the same. */
  readonly icon?: LucideIcon;
  readonly title?: string;
}

interface ChoiceProps<Value> {
  readonly name: string;
  /** The name is said and not shown. */
  readonly hidesName?: boolean;
  readonly options: readonly Option<Value>[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, side by side. */
export function Choice<Value extends string | number>(props: ChoiceProps<Value>) {
  const { name, hidesName = false, options, chosen, onChoose } = props;
  const group = useId();
  return (
    <fieldset className={hidesName ? 'choice' : 'choice choice-named'}>
      <legend className={hidesName ? 'visually-hidden' : ''}>{name}</legend>
      <div className="choice-options">
        {options.map(({ value, text, icon: Icon, title }) => (
          <label
            key={value}
            title={title}
            className={value === chosen ? 'choice-option choice-chosen' : 'choice-option'}
          >
            <input
              type="radio"
              className="visually-hidden"
              name={group}
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            {Icon === undefined ? (
              text
            ) : (
              <>
                <Icon size={14} aria-hidden />
                <span className="visually-hidden">{text}</span>
              </>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
