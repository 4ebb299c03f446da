// How much waits in the inbox: in the navigation and before the title of the tab. Asked anew when the page comes to the
// front, so that a window left open all morning does not tell of yesterday's work.
import { el } from '../dom.js';

const PAUSE = 15_000; // between two questions, in milliseconds
const link = document.querySelector('[data-count-url]');
const title = document.title;
let asked = Date.now();

function entitle() {
  const told = link.querySelector('.n')?.childNodes[1]?.textContent ?? '';
  document.title = told ? `（${told}）${title}` : title;
}

function show({ count, hot }) {
  link.querySelector('.n')?.remove();
  if (count) {
    const spoken = (text) => el('span', { class: 'sr' }, text);
    link.append(el('span', { class: hot ? 'n hot' : 'n' }, spoken('，'), count < 1000 ? String(count) : '999+', spoken(' 件')));
  }
  entitle();
}

async function ask() {
  if (document.hidden || Date.now() - asked < PAUSE) return;
  asked = Date.now();
  const answer = await fetch(link.dataset.countUrl, { credentials: 'same-origin', redirect: 'manual', headers: { Accept: 'application/json' } }).catch(() => null);
  if (answer?.ok) show(await answer.json());
}

if (link) {
  entitle();
  document.addEventListener('visibilitychange', ask);
  window.addEventListener('focus', ask);
}
