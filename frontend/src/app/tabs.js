// Tabs by the ARIA pattern: arrows move, the panel follows; the address keeps the open tab so that "back" returns to it.

function show(tab, { focus = true } = {}) {
  for (const other of tab.parentElement.querySelectorAll('[role=tab]')) {
    const on = other === tab;
    other.setAttribute('aria-selected', String(on));
    other.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(other.getAttribute('aria-controls'));
    if (panel) panel.hidden = !on;
  }
  if (focus) tab.focus();
}

document.addEventListener('click', (event) => {
  const tab = event.target.closest('[role=tab][aria-controls]');
  if (!tab) return;
  show(tab);
  history.replaceState(history.state, '', `#${tab.getAttribute('aria-controls')}`);
});

document.addEventListener('keydown', (event) => {
  const tab = event.target.closest?.('[role=tab]');
  if (!tab) return;
  const all = [...tab.parentElement.querySelectorAll('[role=tab]')];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const next = step ? all[(all.indexOf(tab) + step + all.length) % all.length] : { Home: all[0], End: all[all.length - 1] }[event.key];
  if (!next) return;
  event.preventDefault();
  show(next);
});

function openFromAddress() {
  const key = decodeURIComponent(location.hash.slice(1));
  const target = key && document.getElementById(key)?.closest('[role=tabpanel]');
  const tab = target && document.querySelector(`[role=tab][aria-controls="${CSS.escape(target.id)}"]`);
  if (tab) show(tab, { focus: false });
}
openFromAddress();
addEventListener('hashchange', openFromAddress);
