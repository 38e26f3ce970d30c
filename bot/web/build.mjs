// SPDX-License-Identifier: Apache-2.0
// Builds the pages into dist/: one HTML file a page, and assets whose names carry the hash of their
// content (so the server may let browsers keep them for ever). No page holds inline script or style.
//   node build.mjs            build once
//   node build.mjs --watch    build again at each change, unminified
//   node build.mjs --test     bundle test/*.test.ts and run them with node:test
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");
const watch = process.argv.includes("--watch");

// The page's name, its first title (scripts translate it), and fonts that must not arrive late.
const PAGES = [
  { name: "index", title: "Suraq", preload: ["cyrillic-wght"] },
  { name: "officer", title: "Suraq", preload: ["cyrillic-wght", "cyrillic-ext-wght"] },
  { name: "overlay", title: "Suraq", preload: ["cyrillic-wght", "cyrillic-ext-wght"] },
  { name: "filters", title: "Suraq", preload: ["cyrillic-wght"] },
  { name: "stats", title: "Suraq", preload: ["cyrillic-wght"] },
  { name: "register", title: "Suraq", preload: ["cyrillic-wght"] },
  { name: "setup", title: "Suraq", preload: ["cyrillic-wght", "cyrillic-ext-wght"] },
  { name: "accounts", title: "Suraq", preload: ["cyrillic-wght"] },
  { name: "join", title: "Suraq", preload: [] },
];

// Third-party work that is inside the bundles; its licences travel with it.
const NOTICES = [
  "preact",
  "@fontsource-variable/inter",
  ...["autocomplete", "commands", "lang-yaml", "language", "lint", "search", "state", "view"].map(
    (part) => `@codemirror/${part}`,
  ),
  ...["common", "highlight", "lr", "yaml"].map((part) => `@lezer/${part}`),
  "@marijn/find-cluster-break",
  "crelt",
  "style-mod",
  "uplot",
  "w3c-keyname",
];

// What a script needs at once; what it may load later is not among them.
function chunks(path, outputs) {
  const direct = outputs[path].imports.filter((one) => one.kind === "import-statement").map((one) => one.path);
  return [...new Set(direct.flatMap((one) => [one, ...chunks(one, outputs)]))];
}

function html(page, outputs) {
  const made = (ext) =>
    Object.keys(outputs).filter((path) => basename(path).startsWith(`${page.name}.`) && path.endsWith(ext));
  const url = (path) => "/" + path.replace(/^dist\//, "");
  const font = (part) => Object.keys(outputs).find((path) => path.includes(`inter-${part}-normal.`));
  const icon = Object.keys(outputs).find((path) => basename(path).startsWith("icon."));
  return [
    "<!doctype html>",
    '<html lang="kk">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="robots" content="noindex">',
    `<title>${page.title}</title>`,
    ...(icon ? [`<link rel="icon" type="image/svg+xml" href="${url(icon)}">`] : []),
    ...page.preload
      .map(font)
      .filter(Boolean)
      .map((path) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="${url(path)}">`),
    ...made(".css").map((path) => `<link rel="stylesheet" href="${url(path)}">`),
    ...made(".js")
      .flatMap((path) => chunks(path, outputs))
      .map((path) => `<link rel="modulepreload" href="${url(path)}">`),
    ...made(".js").map((path) => `<script type="module" src="${url(path)}"></script>`),
    "</head>",
    `<body class="page-${page.name}">`,
    '<div id="app"></div>',
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function notices() {
  const texts = NOTICES.map((name) => {
    const folder = join(root, "node_modules", name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return texts.join("\n" + "-".repeat(72) + "\n\n");
}

const pages = {
  name: "pages",
  setup(build) {
    build.onStart(() => {
      rmSync(dist, { recursive: true, force: true });
      mkdirSync(dist);
    });
    build.onEnd((result) => {
      if (!result.metafile) return;
      for (const page of PAGES) {
        writeFileSync(join(dist, `${page.name}.html`), html(page, result.metafile.outputs));
      }
      writeFileSync(join(dist, "assets", "licences.txt"), notices());
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: "warning",
  jsx: "automatic",
  jsxImportSource: "preact",
};

const site = {
  ...common,
  entryPoints: [...PAGES.map((page) => `src/${page.name}.tsx`), "src/icon.svg"],
  outdir: "dist",
  format: "esm",
  splitting: true,
  entryNames: "assets/[name].[hash]",
  chunkNames: "assets/part-[name].[hash]", // never the name of a page
  assetNames: "assets/[name].[hash]",
  publicPath: "/",
  loader: { ".woff2": "file", ".svg": "copy" },
  target: ["es2020", "chrome88", "firefox98", "safari15.4"],
  minify: !watch,
  metafile: true,
  legalComments: "none",
  charset: "utf8",
  plugins: [pages],
};

async function test() {
  const out = join(root, "node_modules", ".test");
  rmSync(out, { recursive: true, force: true });
  const files = readdirSync(join(root, "test")).filter((name) => name.endsWith(".test.ts"));
  await esbuild.build({
    ...common,
    entryPoints: files.map((name) => `test/${name}`),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
    sourcemap: "inline",
  });
  const made = files.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...made], { stdio: "inherit" });
  process.exit(run.status ?? 1);
}

if (process.argv.includes("--test")) {
  await test();
} else if (watch) {
  const context = await esbuild.context(site);
  await context.watch();
} else {
  await esbuild.build(site);
}
