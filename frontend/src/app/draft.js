// A form marked data-guard warns before its changes are lost. Nothing is stored in the browser: drafts are saved on the server.

import { ask } from './dialogs.js';

const changed = new Set();

document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (form?.hasAttribute('data-guard')) changed.add(form);
});
document.addEventListener('submit', (event) => event.defaultPrevented || changed.delete(event.target));
document.addEventListener('kaohe:sent', (event) => changed.delete(event.target));

addEventListener('beforeunload', (event) => {
  const waiting = [...changed].some((form) => form.isConnected);
  if (!waiting) return;
  event.preventDefault();
  event.returnValue = '';
});

// leaving the detail for another one is leaving, too
document.addEventListener('htmx:confirm', (event) => {
  const target = event.detail.target;
  const lost = [...changed].some((form) => form.isConnected && target?.contains?.(form) && !form.contains(event.detail.elt));
  if (!lost) return;
  event.preventDefault();
  ask('刚才填写的内容还没有提交，离开后将丢失。', { ok: '仍然离开', kind: 'danger' })
    .then((agreed) => agreed && event.detail.issueRequest(true));
});
