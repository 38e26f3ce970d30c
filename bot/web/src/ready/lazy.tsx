// SPDX-License-Identifier: Apache-2.0
// A dialog whose code comes when it is opened. Nothing is shown until then; a network that is gone
// closes it again with a word.
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { closeDialog } from "../console/ui";
import { fail } from "../core/desk";

type Load = () => Promise<{ default: ComponentType }>;

export function Lazy({ load }: { load: Load }): JSX.Element | null {
  const [found, setFound] = useState<{ Body: ComponentType } | null>(null);
  useEffect(() => {
    load()
      .then((module) => setFound({ Body: module.default }))
      .catch((error: unknown) => {
        closeDialog();
        fail(error);
      });
  }, []);
  return found && <found.Body />;
}
