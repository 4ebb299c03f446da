// Functions that the bundled libraries call and Chromium 86 lacks. esbuild puts them in wherever the names occur (option inject).

/** Copies what the diagram viewer copies: plain objects, arrays and primitive values. */
function clone(value) {
  if (Array.isArray(value)) return value.map(clone);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clone(inner)]));
}

const hasOwn = (owner, key) => Object.prototype.hasOwnProperty.call(owner, key);

export { clone as structuredClone, hasOwn as 'Object.hasOwn' };
