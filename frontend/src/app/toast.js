// Sentences that come without a page of their own.
import { el, icon } from '../dom.js';

const SECONDS = { bad: 12, warn: 10, ok: 5, info: 6 };

/** @param {string} text  @param {'bad'|'warn'|'ok'|'info'} tone */
export function toast(text, tone = 'info') {
  let stack = document.querySelector('.toasts');
  if (!stack) document.body.append((stack = el('div', { class: 'toasts', 'aria-live': 'assertive' })));
  const close = el('button', { class: 'alert-close', type: 'button', 'aria-label': '关闭提示', 'data-close-alert': true }, icon('x'));
  const box = el('div', { class: `alert alert-${tone}`, 'data-alert': true }, icon(tone === 'ok' ? 'check-circle' : 'alert'), el('p', {}, text), close);
  stack.append(box);
  setTimeout(() => box.remove(), SECONDS[tone] * 1000);
}

document.addEventListener('click', (event) => event.target.closest('[data-close-alert]')?.closest('[data-alert]').remove());
