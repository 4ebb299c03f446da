// Bundles every island of frontend/src into the package. Run by hatch_build.py, `npm run build` and `npm run watch`.
// One entry point per island and no dynamic import of islands: esbuild would put their CSS into the parent's sheet.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { notices } from './build/notices.mjs';
import { refuseNewSyntax } from './build/floor.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const outdir = 'kaohe_flow/web/static/dist';

const ISLANDS = ['app', 'diagram', 'charts', 'files'];
const SHEETS = ['nojs'];
const FILES = { favicon: 'frontend/img/favicon.svg' };

const options = {
  absWorkingDir: root,
  entryPoints: [...ISLANDS.map((name) => `frontend/src/${name}.js`), ...SHEETS.map((name) => `frontend/styles/${name}.css`)],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  metafile: true,
  charset: 'utf8',
  target: 'chrome86',
  entryNames: '[name]-[hash]',
  chunkNames: 'part/[name]-[hash]',
  assetNames: 'file/[name]-[hash]',
  inject: ['frontend/src/stand-ins.js'],
  legalComments: 'none', // the notices are gathered in THIRD_PARTY.txt
  loader: { '.svg': 'file', '.woff': 'file', '.woff2': 'file', '.ttf': 'empty', '.eot': 'empty' },
  logLevel: 'warning',
};

const islandOf = (entry) => path.basename(entry).replace(/\.(js|css)$/, '');

function manifestOf(metafile) {
  const manifest = {};
  const inside = (file) => path.posix.relative(outdir, file);
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const entry = (manifest[islandOf(output.entryPoint)] ??= {});
    if (file.endsWith('.css')) {
      entry.css = inside(file);
      continue;
    }
    entry.js = inside(file);
    if (output.cssBundle) entry.css = inside(output.cssBundle);
    entry.preload = output.imports.filter((part) => part.kind === 'import-statement').map((part) => inside(part.path));
  }
  return manifest;
}

function copyFiles(manifest) {
  for (const [name, source] of Object.entries(FILES)) {
    const bytes = readFileSync(path.join(root, source));
    const extension = path.extname(source);
    const target = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase()}${extension}`;
    writeFileSync(path.join(root, outdir, target), bytes);
    manifest[name] = { [extension.slice(1)]: target };
  }
}

function sorted(manifest) {
  return Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function finish(result) {
  const manifest = manifestOf(result.metafile);
  copyFiles(manifest);
  refuseNewSyntax(root, Object.keys(result.metafile.outputs));
  writeFileSync(path.join(root, outdir, 'THIRD_PARTY.txt'), notices(root, Object.keys(result.metafile.inputs)));
  // last: a manifest on disk means that everything it names is there
  writeFileSync(path.join(root, outdir, 'manifest.json'), `${JSON.stringify(sorted(manifest), null, 1)}\n`);
}

rmSync(path.join(root, outdir), { recursive: true, force: true });
mkdirSync(path.join(root, outdir), { recursive: true });
if (process.argv.includes('--watch')) {
  const finishing = { name: 'finish', setup: (build) => build.onEnd((result) => result.errors.length || finish(result)) };
  const context = await esbuild.context({ ...options, plugins: [finishing] });
  await context.watch();
} else {
  finish(await esbuild.build(options));
}
