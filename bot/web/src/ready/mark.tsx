// SPDX-License-Identifier: Apache-2.0
// The mark of a rehearsal.
import type { JSX } from "preact";

// In all three languages at once: whoever looks at the screen must understand it.
export function RehearsalMark(): JSX.Element {
  return (
    <p class="rehearsal-mark">
      <span lang="kk">ДАЙЫНДЫҚ</span> · <span lang="ru">РЕПЕТИЦИЯ</span> · <span lang="en">REHEARSAL</span>
    </p>
  );
}
