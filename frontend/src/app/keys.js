// Keys for people who work through long lists. Single letters act only inside the list, never while typing.

const typing = (target) => target.closest('input, textarea, select, [contenteditable]');

document.addEventListener('keydown', (event) => {
  const { target, key } = event;
  if (!(target instanceof Element)) return;
  if (key === 'Enter' && event.ctrlKey && target.form?.method === 'post') {
    event.preventDefault();
    const main = [...target.form.elements].find((element) => element.matches('button.btn-ok, button.btn-primary'));
    target.form.requestSubmit(main);
  } else if (key === '/' && !typing(target) && !event.ctrlKey && !event.altKey) {
    const search = document.querySelector('[data-search]');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else {
    walk(event);
  }
});

function walk(event) {
  const list = event.target.closest('.tasks');
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!list || !step || typing(event.target)) return;
  const links = [...list.querySelectorAll('a.task')];
  const now = links.indexOf(event.target.closest('a.task') ?? list.querySelector('[aria-current]'));
  const next = links[Math.min(links.length - 1, Math.max(0, now + step))];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
