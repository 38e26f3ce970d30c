// SPDX-License-Identifier: Apache-2.0
// Keeps the screen from falling asleep where the browser allows it (secure pages only). Over plain
// HTTP on a LAN it cannot be had: the page then says so and asks for the device's own setting.
import { useEffect, useState } from "preact/hooks";

export function useAwake(): boolean {
  const [awake, setAwake] = useState(true);
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let left = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== "visible") return;
      try {
        lock = await navigator.wakeLock.request("screen");
        if (left) await lock.release();
        else setAwake(true);
      } catch {
        setAwake(false); // not a secure page, or the battery is low
      }
    };
    const again = (): void => void ask();
    again();
    document.addEventListener("visibilitychange", again);
    return () => {
      left = true;
      document.removeEventListener("visibilitychange", again);
      void lock?.release();
    };
  }, []);
  return awake;
}
