// SPDX-License-Identifier: Apache-2.0
// The fields of the dialogs.
import type { JSX } from "preact";
import { useWords } from "./words";
import type { Word } from "./words";

interface FieldProps {
  label: Word;
  name: string;
  value: string;
  onInput: (value: string) => void;
  first?: boolean;
  type?: "text" | "date";
  min?: string;
  list?: string;
}

export function Field({ label, name, value, onInput, ...more }: FieldProps): JSX.Element {
  const say = useWords();
  return (
    <label>
      <span>{say(label)}</span>
      <input
        name={name}
        type={more.type ?? "text"}
        min={more.min}
        list={more.list}
        maxLength={more.type === "date" ? undefined : 200}
        value={value}
        data-autofocus={more.first ? "" : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}

export function Area({
  label,
  name,
  value,
  onInput,
  max,
  first,
}: {
  label: Word;
  name: string;
  value: string;
  onInput: (value: string) => void;
  max: number;
  first?: boolean;
}): JSX.Element {
  const say = useWords();
  return (
    <label>
      <span>{say(label)}</span>
      <textarea
        name={name}
        rows={max > 1000 ? 7 : 3}
        maxLength={max}
        value={value}
        data-autofocus={first ? "" : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
    </label>
  );
}
