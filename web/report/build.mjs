// Bundles the page that scripts/report fills: node build.mjs FOLDER. One file, with program, style and licences in it.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  legalComments: "none",
  logLevel: "warning",
};

const script = await build({
  ...common,
  entryPoints: ["src/main.ts"],
  format: "iife",
  target: ["chrome97", "firefox113", "safari16.4"],
  charset: "ascii",
  metafile: true,
});
const style = await build({
  ...common,
  stdin: {
    contents: '@import "uplot/dist/uPlot.min.css"; @import "./src/style.css";',
    loader: "css",
    resolveDir: here,
  },
});

const text = (result) => result.outputFiles[0].text;
const parts = {
  "<!-- style -->": text(style),
  "<!-- script -->": text(script),
  "<!-- licences -->": await licences(Object.keys(script.metafile.inputs)),
};
let page = await readFile(join(here, "src/page.html"), "utf8");
for (const [mark, part] of Object.entries(parts)) {
  if (page.split(mark).length !== 2) throw new Error(`src/page.html has ${mark} not once`);
  page = page.replace(mark, () => part);
}
await writeFile(join(process.argv[2], "page.html"), page);

/** The licence of every library that went into the program. */
async function licences(inputs) {
  const names = new Set(inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  const found = [];
  for (const name of [...names].sort()) {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const licence = await readFile(join(folder, "LICENSE"), "utf8");
    found.push(
      `<h3>${name} ${version}</h3>\n<pre>${licence.replaceAll("&", "&amp;").replaceAll("<", "&lt;").trim()}</pre>`,
    );
  }
  return found.join("\n");
}
