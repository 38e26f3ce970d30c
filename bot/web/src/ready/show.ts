// SPDX-License-Identifier: Apache-2.0
// Links of other pages into the console: "/?show=sources" opens what it names.
import { change } from "../console/ui";

export function showAsked(): void {
  const wanted = new URLSearchParams(location.search).get("show");
  if (wanted === null) return;
  history.replaceState(null, "", "/");
  if (wanted === "sources") change({ pane: "sources", side: "sources" });
  if (wanted === "overlay" || wanted === "officer" || wanted === "rehearsal" || wanted === "prepare") change({ dialog: { kind: wanted } });
}
