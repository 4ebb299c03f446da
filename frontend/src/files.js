// On top of a plain file input: several pickings add up, faults are said at once, pictures can be looked at before
// sending, attachments open in a dialog. Without this island the form posts the same fields.
import { el, icon, sizeText } from './dom.js';
import { fault } from './files/limits.js';
import { previewPicked } from './files/preview.js';
import { island } from './island.js';

island('files', (host) => {
  const input = host.querySelector('input[type=file]');
  if (input) picker(host, input);
});

function picker(host, input) {
  const limits = {
    accept: input.accept.split(',').map((part) => part.trim().toLowerCase()).filter(Boolean),
    bytes: Number(host.dataset.maxBytes) || Infinity,
    count: input.multiple ? Number(host.dataset.maxCount) || Infinity : 1,
  };
  host.classList.add('ready'); // the input lies unseen over the zone, its words are ours
  const invitation = input.multiple ? '点击选择文件，或把文件拖到这里' : '点击选择一个文件，或把它拖到这里';
  host.querySelector('.upload-drop').append(el('span', {}, invitation));
  const list = el('ul', { class: 'picked', 'aria-label': '已选择的文件' });
  const note = el('p', { class: 'upload-note', 'aria-live': 'polite' });
  host.querySelector('.upload-drop').after(list, note);
  let picked = [];

  const keep = (files) => {
    picked = files;
    const basket = new DataTransfer();
    for (const file of picked) basket.items.add(file);
    input.files = basket.files;
    render();
  };
  const add = (files) => {
    const known = new Set(picked.map((file) => `${file.name}|${file.size}`));
    const fresh = [...files].filter((file) => !known.has(`${file.name}|${file.size}`));
    keep(limits.count === 1 ? fresh.slice(-1) : [...picked, ...fresh]);
    input.dispatchEvent(new CustomEvent('input', { bubbles: true }));
  };
  const render = () => {
    const faults = picked.map((file, index) => fault(file, index, limits));
    list.replaceChildren(...picked.map((file, index) => row(file, faults[index], () => keep(picked.filter((other) => other !== file)))));
    const bad = faults.filter(Boolean).length;
    input.setCustomValidity(bad ? `有 ${bad} 个文件不能上传，请先移除` : '');
    const total = sizeText(picked.reduce((sum, file) => sum + file.size, 0));
    const warning = bad ? `；${bad} 个不能上传，请移除后再提交` : '';
    note.textContent = picked.length ? `已选 ${picked.length} 个，共 ${total}${warning}` : '';
  };

  input.addEventListener('change', () => add(input.files));
  for (const name of ['dragenter', 'dragover']) host.addEventListener(name, (event) => { event.preventDefault(); host.classList.add('over'); });
  for (const name of ['dragleave', 'drop']) host.addEventListener(name, () => host.classList.remove('over'));
  host.addEventListener('drop', (event) => { event.preventDefault(); add(event.dataTransfer.files); });
  host.addEventListener('kaohe:refill', (event) => keep(event.detail));
}

function row(file, said, remove) {
  const name = el('b', { title: file.name }, file.name);
  const look = file.type.startsWith('image/') && !said
    ? [el('button', { class: 'iconbtn', type: 'button', 'aria-label': `预览 ${file.name}`, onclick: () => previewPicked(file) }, icon('eye'))] : [];
  const drop = el('button', { class: 'iconbtn', type: 'button', 'aria-label': `移除 ${file.name}`, onclick: remove }, icon('x'));
  return el('li', { class: said ? 'bad' : false }, icon(said ? 'alert' : 'clip'), name, el('small', {}, said || sizeText(file.size)), ...look, drop);
}
