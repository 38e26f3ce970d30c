// SPDX-License-Identifier: Apache-2.0
// The panel is fetched when it is first wanted.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { closeDialog } from "../console/ui";
import { toast } from "../core/toast";
import { t } from "../i18n";

type Panel = () => JSX.Element;
let panel: Panel | null = null;

export function Search(): JSX.Element | null {
  const [Loaded, set] = useState<Panel | null>(() => panel);
  useEffect(() => {
    if (Loaded) return;
    import("./panel")
      .then((module) => {
        panel = module.Panel;
        set(() => module.Panel);
      })
      .catch(() => {
        toast(t("error.offline"), "bad");
        closeDialog();
      });
  }, []);
  return Loaded ? <Loaded /> : null;
}
