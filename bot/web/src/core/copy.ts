// SPDX-License-Identifier: Apache-2.0
// Copying also works over plain HTTP on a LAN, where the clipboard interface is missing.

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "off-screen";
  const home = document.querySelector("dialog[open]") ?? document.body;
  home.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
