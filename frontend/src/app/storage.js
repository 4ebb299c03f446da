// The pages hold personal data: nothing of them stays in the browser. Libraries that would store (htmx keeps the address,
// which may hold a searched name) find no store and go on without. Must be imported before them.

for (const name of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, name, {
    get() {
      throw new DOMException('nothing is stored in the browser', 'SecurityError');
    },
  });
}
