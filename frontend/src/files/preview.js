// Attachments in a dialog: pictures and PDF. Anything else, and browsers without a PDF viewer, download.
import { el, icon } from '../dom.js';

function show(name, view, url = '') {
  const close = () => dialog.close();
  const tools = el('span', {}, ...(url ? [el('a', { class: 'btn btn-s', href: url, download: name }, icon('download'), '下载')] : []),
    el('button', { class: 'iconbtn', type: 'button', 'aria-label': '关闭预览', onclick: close }, icon('x')));
  const dialog = el('dialog', { class: 'dialog dialog-view', 'aria-label': `预览 ${name}` },
    el('header', {}, el('h2', {}, name), tools), el('div', { class: 'view', tabindex: '0' }, view));
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
}

function picture(url, name) {
  const image = el('img', { src: url, alt: name });
  image.addEventListener('click', () => image.parentElement.classList.toggle('full'));
  image.addEventListener('error', () => image.replaceWith(el('p', {}, '图片无法显示，请下载后查看。')));
  return image;
}

const paper = (url, name) =>
  (navigator.mimeTypes['application/pdf'] ? el('iframe', { src: url, title: name }) : el('p', {}, '当前浏览器不能直接显示 PDF，请下载后查看。'));

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-preview]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const name = link.dataset.name || link.textContent.trim();
  const seen = new URL(link.href);
  seen.searchParams.set('inline', '1'); // the same file, to be shown instead of saved
  show(name, link.dataset.preview === 'pdf' ? paper(seen.href, name) : picture(seen.href, name), link.href);
});

/** A picture just picked, before it is uploaded. Read as a data: address because blob: is outside the page's policy. */
export function previewPicked(file) {
  const reader = new FileReader();
  reader.addEventListener('load', () => show(file.name, picture(reader.result, file.name)));
  reader.readAsDataURL(file);
}
