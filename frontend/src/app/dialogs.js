// Dialogs written in the page (macro confirm) and questions asked before a form is sent (data-confirm).
import { el, icon } from '../dom.js';

function open(dialog) {
  if (dialog.open) return;
  if (location.hash === `#${dialog.id}`) history.replaceState(history.state, '', location.pathname + location.search);
  dialog.showModal();
  dialog.querySelector('input:not([type=hidden]), select, textarea')?.focus();
}

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open-dialog]');
  if (opener) {
    const dialog = document.getElementById(opener.dataset.openDialog);
    if (!dialog) return;
    event.preventDefault();
    open(dialog);
    return;
  }
  const closer = event.target.closest('[data-close-dialog]');
  if (closer) {
    event.preventDefault();
    closer.closest('dialog')?.close();
  }
});

// links that act as buttons answer to the space bar too
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || !event.target.matches?.('a[role=button]')) return;
  event.preventDefault();
  event.target.click();
});

for (const dialog of document.querySelectorAll('dialog[data-open-now]')) open(dialog);
document.addEventListener('kaohe:replaced', (event) => event.target.querySelectorAll('dialog[data-open-now]').forEach(open));

/** @returns {Promise<boolean>} whether the person agreed */
export function ask(sentence, { ok = '确定', kind = 'primary', title = '请确认' } = {}) {
  return new Promise((resolve) => {
    const yes = el('button', { class: `btn btn-${kind}`, type: 'button', onclick: () => answer(true) }, ok);
    const no = el('button', { class: 'btn', type: 'button', onclick: () => answer(false) }, '取消');
    const dialog = el('dialog', { class: 'dialog dialog-ask', 'aria-label': title },
      el('header', {}, el('h2', {}, title)),
      el('div', { class: 'dialog-body' }, icon('alert'), el('p', {}, sentence)),
      el('footer', {}, no, yes));
    const answer = (agreed) => {
      dialog.remove();
      resolve(agreed);
    };
    dialog.addEventListener('cancel', () => answer(false));
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}

document.addEventListener('submit', async (event) => {
  const { submitter } = event;
  const sentence = submitter?.dataset.confirm;
  if (!sentence || submitter.dataset.agreed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(sentence, { ok: submitter.dataset.confirmOk, kind: submitter.dataset.confirmKind }))) return;
  submitter.dataset.agreed = 'yes';
  submitter.form.requestSubmit(submitter);
  delete submitter.dataset.agreed;
}, true);
