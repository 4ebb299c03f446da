// Forms that hold typed text (data-guard), stand in a dialog (data-post) or carry files are sent without leaving the page:
// a refusal is said beside the form, nothing typed or picked is lost, an upload shows how far it has come.
// A redirect comes back as 204 with X-Kaohe-Location (see web/common/posting.py), so that the next page is loaded once
// and keeps its messages. Without this script the browser posts the same form to the same address.
import { el, icon } from '../dom.js';
import { begin, isSending, release } from '../sending.js';

const fileInputs = (form) => [...form.elements].filter((element) => element.type === 'file' && element.files.length);
const mine = (form) => form.method === 'post' && (form.matches('[data-guard], [data-post]') || fileInputs(form).length > 0);

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || !mine(form) || form.hasAttribute('hx-post')) return;
  event.preventDefault();
  if (!isSending(form)) send(form, event.submitter);
});

function send(form, submitter) {
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  form.querySelector('[data-answer]')?.remove();
  const meter = fileInputs(form).length ? progress(form) : null;
  begin(form, submitter);

  const request = new XMLHttpRequest();
  request.open('POST', submitter?.getAttribute('formaction') || form.getAttribute('action') || location.href);
  request.setRequestHeader('X-Kaohe-Form', '1');
  if (meter) request.upload.addEventListener('progress', meter.step);
  request.addEventListener('load', () => { meter?.end(); answered(form, request, submitter); });
  request.addEventListener('error', () => { meter?.end(); refuse(form, '网络不通，内容没有提交。填写的内容还在，请稍后再试。'); });
  request.send(form.enctype === 'multipart/form-data' ? body : new URLSearchParams(body));
}

function progress(form) {
  const bar = el('progress', { max: '100', value: '0', 'aria-label': '上传进度' });
  const words = el('p', { role: 'status' }, '正在上传……');
  const box = el('div', { class: 'meter' }, bar, words);
  (fileInputs(form)[0].closest('.upload') ?? form).append(box);
  return {
    step: ({ loaded, total }) => {
      const share = total ? Math.floor((loaded / total) * 100) : 0;
      bar.value = share;
      words.textContent = share < 100 ? `正在上传 ${share}%` : '上传完成，正在保存……';
    },
    end: () => box.remove(),
  };
}

function answered(form, request, submitter) {
  const next = request.getResponseHeader('X-Kaohe-Location');
  const followed = request.responseURL && new URL(request.responseURL).pathname !== new URL(form.getAttribute('action') || location.href, location.href).pathname;
  if (next || (followed && request.status < 400)) {
    leave(form);
    location.assign(next || request.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, 'text/html');
  if (request.getResponseHeader('X-Kaohe-Stale') && signedInAgain(page)) {
    release(form);
    send(form, submitter);
    return;
  }
  const said = page.querySelector('[data-error-text]');
  const main = page.querySelector('main');
  if (request.status === 401) refuse(form, '登录已失效。请在新窗口重新登录，再回到本页提交，填写的内容还在。');
  else if (said) refuse(form, said.textContent.trim(), page.querySelectorAll('.error-summary li'), page.querySelector('[data-error-hint]'));
  else if (main) replace(form, page, main);
  else refuse(form, `操作没有完成（${request.status}），请稍后再试。`);
}

/** The same person has signed in anew in another window: the tokens of this page become those of the new session. */
function signedInAgain(page) {
  const person = (somewhere) => somewhere.querySelector('.who-text')?.textContent;
  const token = (somewhere) => somewhere.querySelector('meta[name="csrf-token"]');
  if (!person(page) || person(page) !== person(document) || token(page).content === token(document).content) return false;
  token(document).content = token(page).content;
  for (const field of document.querySelectorAll('[name=csrf_token]')) field.value = token(page).content;
  return true;
}

const leave = (form) => form.dispatchEvent(new CustomEvent('kaohe:sent', { bubbles: true }));

function refuse(form, sentence, details = [], hint = null) {
  release(form);
  const list = [...details].map((item) => el('li', {}, item.textContent.trim()));
  const words = el('div', {}, el('b', {}, sentence));
  if (hint) words.append(el('p', {}, hint.textContent.trim()));
  if (list.length) words.append(el('ul', {}, ...list));
  const box = el('div', { class: 'alert alert-bad', role: 'alert', tabindex: '-1', 'data-answer': true }, icon('alert'), words);
  const place = form.querySelector('.dialog-body') ?? form;
  place.prepend(box);
  box.focus();
  box.scrollIntoView({ block: 'center' });
}

/** The same page again with its faults marked: only <main> changes, and the files stay picked. */
function replace(form, page, main) {
  const files = fileInputs(form).map((input) => [input.name, [...input.files]]);
  leave(form);
  adopt(page);
  const place = document.querySelector('main');
  place.className = main.className;
  place.replaceChildren(...main.childNodes);
  document.title = page.title;
  place.dispatchEvent(new CustomEvent('kaohe:replaced', { bubbles: true }));
  for (const [name, picked] of files) {
    const input = place.querySelector(`input[type=file][name="${CSS.escape(name)}"]`);
    input?.closest('[data-island]')?.dispatchEvent(new CustomEvent('kaohe:refill', { detail: picked }));
  }
  (place.querySelector('[data-focus-me]') ?? place).focus();
  scrollTo(0, 0);
}

/** Islands and style sheets that the answered page needs and this one has not loaded yet. */
function adopt(page) {
  for (const [selector, key] of [['script[type=module]', 'src'], ['link[rel=stylesheet]', 'href']]) {
    const known = new Set([...document.querySelectorAll(selector)].map((element) => element.getAttribute(key)));
    for (const wanted of page.head.querySelectorAll(selector)) {
      if (wanted.closest('noscript') || known.has(wanted.getAttribute(key))) continue;
      const names = wanted.getAttributeNames();
      document.head.append(el(wanted.localName, Object.fromEntries(names.map((name) => [name, wanted.getAttribute(name) || true]))));
    }
  }
}
