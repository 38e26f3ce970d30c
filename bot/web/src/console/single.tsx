// SPDX-License-Identifier: Apache-2.0
// One question at a time (Z): nothing else of the list is seen, and each decision brings the next.
import type { JSX } from "preact";
import { Icon } from "../ui/icons";
import { Key } from "../ui/small";
import { useBulkWords } from "./bulk_words";
import { step } from "./commands";
import { toggleSingle } from "./ui";

export function SingleBar({ at, of }: { at: number; of: number }): JSX.Element {
  const say = useBulkWords();
  return (
    <div class="single-bar" role="toolbar" aria-label={say("one")}>
      <button type="button" class="soft square" aria-label={say("previous")} disabled={at <= 0} onClick={() => step(-1)}>
        <Icon name="up" />
      </button>
      <span role="status">{say("place", { at: at + 1, n: of })}</span>
      <button type="button" class="soft square" aria-label={say("next")} disabled={at >= of - 1} onClick={() => step(1)}>
        <Icon name="down" />
      </button>
      <span class="grow" />
      <button type="button" class="plain" name="single-off" onClick={toggleSingle}>
        {say("list")} <Key>Z</Key>
      </button>
    </div>
  );
}
