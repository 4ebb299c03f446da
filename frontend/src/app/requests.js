// htmx: partial pages. Nothing is evaluated, nothing is kept (see storage.js).
import htmx from 'htmx.org/dist/htmx.esm.js';
import { toast } from './toast.js';

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  attributesToSettle: [], // it would copy style attributes (a text box made taller), which the page's policy forbids
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '400', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
});

document.addEventListener('htmx:configRequest', (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers['X-CSRFToken'] = token;
});

// a whole fault page answered to a part of a page: say its sentence, leave the page as it is
document.addEventListener('htmx:beforeSwap', (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400) return;
  if (xhr.status === 401) return location.reload();
  const page = new DOMParser().parseFromString(xhr.responseText, 'text/html');
  const said = page.querySelector('[data-error-text]')?.textContent.trim();
  if (!said && event.detail.shouldSwap) return; // a form with its faults marked
  event.detail.shouldSwap = false;
  toast(said || `操作没有完成（${xhr.status}）`, 'bad');
});
document.addEventListener('htmx:sendError', () => toast('网络不通，操作没有提交，请稍后再试', 'bad'));
document.addEventListener('htmx:timeout', () => toast('等待超时，请刷新查看是否已经办理', 'warn'));

// the list beside a swapped-in detail shows which item is open
document.addEventListener('htmx:beforeSwap', (event) => {
  const link = event.detail.requestConfig?.elt;
  if (!link?.matches?.('.task')) return;
  for (const other of link.closest('.tasks')?.querySelectorAll('[aria-current]') ?? []) other.removeAttribute('aria-current');
  link.setAttribute('aria-current', 'true');
});
