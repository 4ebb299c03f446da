// The licence texts of what was really bundled (from esbuild's list of inputs, not from the lock file).
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const PACKAGE = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/** Licence and notice files of a package, also those in a folder of their own. */
function licenceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!/^(licen[cs]e|notice|copying)/i.test(entry.name)) return [];
    const found = path.join(folder, entry.name);
    return entry.isDirectory() ? readdirSync(found).map((name) => path.join(found, name)) : [found];
  }).sort();
}

function textOf(folder) {
  const meta = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const licence = typeof meta.license === 'string' ? meta.license : JSON.stringify(meta.license ?? 'see text');
  const texts = licenceFiles(folder).map((file) => readFileSync(file, 'utf8').trim());
  return `==== ${meta.name} ${meta.version} (${licence})\n\n${texts.join('\n\n') || 'The package carries no licence text.'}\n`;
}

/** @param {string} root  @param {string[]} inputs paths below root  @returns {string} */
export function notices(root, inputs) {
  const folders = new Set(inputs.map((file) => file.match(PACKAGE)?.[1]).filter(Boolean));
  const found = [...folders].sort().map((folder) => path.join(root, folder)).filter((folder) => existsSync(path.join(folder, 'package.json')));
  return `Third-party software bundled into the browser assets of kaohe_flow\n\n${found.map(textOf).join('\n')}`;
}
