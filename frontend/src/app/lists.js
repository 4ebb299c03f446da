// Tick all, count what is ticked, close open menus.

function refresh(scope) {
  const boxes = [...scope.querySelectorAll('input[type=checkbox][data-row]')];
  const ticked = boxes.filter((box) => box.checked).length;
  const all = scope.querySelector('[data-check-all]');
  if (all) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  for (const bar of scope.querySelectorAll('[data-bulk]')) {
    bar.hidden = ticked === 0;
    const shown = bar.querySelector('[data-bulk-count]');
    if (shown) shown.textContent = String(ticked);
  }
}

document.addEventListener('change', (event) => {
  const scope = event.target.closest?.('[data-rows]');
  if (!scope) return;
  if (event.target.matches('[data-check-all]')) {
    for (const box of scope.querySelectorAll('input[type=checkbox][data-row]:not(:disabled)')) box.checked = event.target.checked;
  }
  refresh(scope);
});
for (const scope of document.querySelectorAll('[data-rows]')) refresh(scope);

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details[data-menu][open]')) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = document.querySelector('details[data-menu][open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});
