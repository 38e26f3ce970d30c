// SPDX-License-Identifier: Apache-2.0
// "! 2" in the console's top bar: how many checks of /setup fail.
import type { JSX } from "preact";
import { useWords } from "./words";

export function FailedChecks({ n }: { n: number }): JSX.Element | null {
  const say = useWords();
  if (n === 0) return null;
  const label = say("setup.fail", { n });
  return (
    <a class="button soft failed-checks" href="/setup" aria-label={label} title={label}>
      ! {n}
    </a>
  );
}
