// SPDX-License-Identifier: Apache-2.0
// Files out of the page: nothing leaves the machine, the browser stores what it has already.

export function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Spreadsheets take a table for UTF-8 only behind a byte order mark.
export function saveCsv(name: string, text: string): void {
  save(name, new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
}

export interface Sheet {
  title: string;
  lines: readonly string[]; // "Messages: 120"
  plots: readonly { label: string; canvas: HTMLCanvasElement }[];
}

const PAD = 24;
const LINE = 24;

// The numbers and the plots one below the other, as large as the screen draws them.
export function savePng(name: string, sheet: Sheet): void {
  const ratio = devicePixelRatio;
  const width = Math.max(...sheet.plots.map((one) => one.canvas.width / ratio)) + 2 * PAD;
  const texts = wrap(sheet.lines, Math.floor(width / 240));
  const heights = sheet.plots.map((one) => one.canvas.height / ratio + LINE + 8);
  const height =
    PAD * 2 + LINE * (texts.length + 2) + heights.reduce((sum, one) => sum + one, 0);
  const canvas = document.createElement("canvas");
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(ratio, ratio);
  const style = getComputedStyle(document.documentElement);
  const font = style.getPropertyValue("--font");
  pen.fillStyle = style.getPropertyValue("--surface");
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = style.getPropertyValue("--text");
  pen.textBaseline = "top";
  pen.font = `650 18px ${font}`;
  pen.fillText(sheet.title, PAD, PAD);
  pen.font = `400 14px ${font}`;
  let y = PAD + LINE * 1.5;
  for (const row of texts) {
    row.forEach((text, at) => pen.fillText(text, PAD + at * 240, y, 230));
    y += LINE;
  }
  y += LINE / 2;
  for (const [at, one] of sheet.plots.entries()) {
    pen.font = `650 14px ${font}`;
    pen.fillText(one.label, PAD, y);
    pen.drawImage(
      one.canvas,
      PAD,
      y + LINE,
      one.canvas.width / ratio,
      one.canvas.height / ratio,
    );
    y += heights[at] ?? 0;
  }
  canvas.toBlob((blob) => blob && save(name, blob), "image/png");
}

function wrap(lines: readonly string[], columns: number): string[][] {
  const wide = Math.max(1, columns);
  return Array.from({ length: Math.ceil(lines.length / wide) }, (_, at) =>
    lines.slice(at * wide, (at + 1) * wide),
  );
}
