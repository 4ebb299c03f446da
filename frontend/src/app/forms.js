// Comfort of forms: sent once, counted characters, common opinions, filters that act on change.
import { el } from '../dom.js';
import { begin, isSending, release } from '../sending.js';

// --- sent once -------------------------------------------------------------------------------------------------------
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (isSending(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  begin(form, event.submitter);
});
document.addEventListener('htmx:afterRequest', (event) => event.target instanceof HTMLFormElement && release(event.target));
// back from the next page, the form may be sent again
addEventListener('pageshow', () => document.querySelectorAll('form').forEach(release));

// --- counted characters ----------------------------------------------------------------------------------------------
function count(area) {
  const limit = area.maxLength;
  const shown = area.nextElementSibling?.matches('.counter') ? area.nextElementSibling : el('span', { class: 'counter' });
  if (!shown.isConnected) area.after(shown);
  shown.textContent = `${area.value.length} / ${limit}`;
  shown.classList.toggle('near', area.value.length > limit * 0.9);
}
const countAll = (root) => root.querySelectorAll('textarea[data-count]').forEach(count);
document.addEventListener('input', (event) => event.target.matches('textarea[data-count]') && count(event.target));
countAll(document);
for (const name of ['htmx:load', 'kaohe:replaced']) document.addEventListener(name, (event) => countAll(event.target));

// --- common opinions -------------------------------------------------------------------------------------------------
document.addEventListener('click', (event) => {
  const chip = event.target.closest('[data-fill]');
  const area = chip && document.getElementById(chip.dataset.fill);
  if (!area) return;
  const text = chip.textContent.trim();
  const before = area.value.trim();
  if (!before.includes(text)) area.value = before ? `${before.replace(/[。；，]$/, '')}；${text}` : text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
  area.focus();
});

// --- filters, print, back, first fault -------------------------------------------------------------------------------
document.addEventListener('change', (event) => {
  if (!event.target.matches('[data-submit-on-change]')) return;
  event.target.form.requestSubmit();
});
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-print]')) print();
  if (event.target.closest('[data-back]') && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});
document.querySelector('[data-focus-me]')?.focus();
