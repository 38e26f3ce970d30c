// SPDX-License-Identifier: Apache-2.0
// What only this browser can know: does its clock agree with the server's, does it draw the Kazakh
// letters, can it keep the screen awake, does it make a sound.
import type { Check, Level, Setup } from "./live";

const LETTERS = [..."ҚҢӨҰҮҺӘҒІқңөұүһәғі"];
const SKEW_MS = 3_000;
const FONT = '48px "Inter"';
const NOBODY = "\u{10FFFD}"; // no font has it: drawn as the box of a missing letter

type Figures = Check["figures"];

function check(id: string, level: Level, code: string, figures: Figures = {}): Check {
  return { id, name: null, level, code: `${id}.${code}`, figures };
}

export function hereBefore(setup: Setup, skew: number): Check[] {
  const seconds = (Math.abs(skew) / 1000).toFixed(1);
  const far = Math.abs(skew) > SKEW_MS;
  return [reach(setup), check("skew", far ? "warn" : "ok", far ? "far" : "close", { seconds })];
}

function reach(setup: Setup): Check {
  const here = location.origin;
  if (!setup.public_url) return check("reach", "ok", "own", { here });
  const same = new URL(setup.public_url, here).origin === here;
  return same
    ? check("reach", "ok", "here")
    : check("reach", "warn", "other", { here, url: setup.public_url });
}

export async function hereAfter(): Promise<Check[]> {
  return [await fonts(), await wake(), sound()];
}

// The picture of a letter in the pages' own font, as a string to compare.
function picture(letter: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const ink = canvas.getContext("2d", { willReadFrequently: true });
  if (!ink) return "";
  ink.font = FONT;
  ink.fillText(letter, 8, 50);
  return ink.getImageData(0, 0, 64, 64).data.join("");
}

async function fonts(): Promise<Check> {
  const all = LETTERS.join("");
  try {
    await document.fonts.load(FONT, all);
  } catch {
    return check("fonts", "fail", "missing", { letters: all });
  }
  const boxes = [picture(NOBODY), picture(" ")];
  const loaded = document.fonts.check(FONT, all);
  const missing = LETTERS.filter((one) => !loaded || boxes.includes(picture(one)));
  return missing.length === 0
    ? check("fonts", "ok", "drawn", { letters: all })
    : check("fonts", "fail", "missing", { letters: missing.join("") });
}

let awake: boolean | null = null;

async function wake(): Promise<Check> {
  if (awake === null) {
    try {
      const lock = await navigator.wakeLock.request("screen");
      await lock.release();
      awake = true;
    } catch {
      awake = false; // not a secure page, or the battery is low
    }
  }
  return awake ? check("wake", "ok", "held") : check("wake", "warn", "none");
}

let played: boolean | null = null;

function sound(): Check {
  if (played === null) return check("sound", "warn", "untried");
  return played ? check("sound", "ok", "played") : check("sound", "warn", "none");
}

// Two soft tones: what matters is whether anybody hears them.
export async function play(): Promise<void> {
  try {
    const audio = new AudioContext();
    await audio.resume();
    [880, 1175].forEach((pitch, i) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const begin = audio.currentTime + i * 0.25;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.2, begin);
      volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.24);
      tone.connect(volume).connect(audio.destination);
      tone.start(begin);
      tone.stop(begin + 0.25);
    });
    played = audio.state === "running";
  } catch {
    played = false;
  }
}
