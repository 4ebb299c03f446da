// How an island finds its elements: on the page now, in what htmx swaps in later, and in what another island replaces.
// Nothing is global; an element is mounted once.

/**
 * @param {string} name value of data-island
 * @param {(element: HTMLElement) => unknown} mount
 */
export function island(name, mount) {
  const mounted = new WeakSet();
  const selector = `[data-island~="${name}"]`;
  const search = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root instanceof Element && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      if (mounted.has(element)) continue;
      mounted.add(element);
      mount(element);
    }
  };
  search(document);
  document.addEventListener('htmx:load', (event) => search(event.target));
  document.addEventListener('kaohe:replaced', (event) => search(event.target));
}

/** The island's own JSON block; {} when there is none. */
export function figuresOf(element) {
  const block = element.querySelector('script[type="application/json"]');
  return block ? JSON.parse(block.textContent) : {};
}

/** Calls `then` once, when the element is first seen: hidden tabs and what lies below the fold cost nothing. */
export function whenSeen(element, then) {
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    then();
  }, { rootMargin: '200px' });
  watcher.observe(element);
}
