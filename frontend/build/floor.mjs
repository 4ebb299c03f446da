// The oldest browser served is Chromium 86. esbuild lowers syntax; what it cannot lower must not get in at all.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const CSS = [
  [/@layer\b/, '@layer (Chromium 99)'],
  [/@container\b/, '@container (105)'],
  [/@property\b/, '@property at-rule with typed custom properties'],
  [/:has\(/, ':has() (105)'],
  [/:(?:is|where)\(/, ':is()/:where() (88)'],
  [/[;{]inset:/, 'inset shorthand (87)'],
  [/aspect-ratio:/, 'aspect-ratio property (88)'],
  [/(?<!--[\w-]+:\s*)(?:color-mix|oklch|oklab)\(/, 'new colour functions (111)'],
  [/\d(?:d|s|l)v[hw]\b/, 'dynamic viewport units (108)'],
  [/[{;]\s*&/, 'nesting (112)'],
];

const JS = [
  [/\bstructuredClone\(/, 'structuredClone (98)'],
  [/\bObject\.hasOwn\(/, 'Object.hasOwn (93)'],
  [/\.findLast(?:Index)?\(/, 'findLast (97)'],
  [/\.toSorted\(|\.toReversed\(|\.toSpliced\(/, 'copying array methods (110)'],
  [/\bObject\.groupBy\(|\bMap\.groupBy\(/, 'groupBy (117)'],
  [/\bcrypto\.randomUUID\(/, 'randomUUID (92)'],
  [/\bAbortSignal\.(?:timeout|any)\(/, 'AbortSignal.timeout/any (103)'],
];

/** Fails the build, naming file and feature, when an output uses what Chromium 86 does not know. */
export function refuseNewSyntax(root, files) {
  const faults = [];
  for (const file of files) {
    const rules = file.endsWith('.css') ? CSS : file.endsWith('.js') ? JS : [];
    const text = rules.length ? readFileSync(path.join(root, file), 'utf8') : '';
    for (const [pattern, feature] of rules) {
      const at = text.search(pattern);
      if (at >= 0) faults.push(`${file}: ${feature}: …${text.slice(Math.max(0, at - 40), at + 40)}…`);
    }
  }
  if (faults.length) throw new Error(`newer than Chromium 86:\n${faults.join('\n')}`);
}
