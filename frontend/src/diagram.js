// The procedure of one case: what was done, where it stands, which way it came. Read only.
import 'diagram-js/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import words from 'bpmn-js-i18n-zh/lib/bpmn-js';
import { el, icon } from './dom.js';
import { figuresOf, island, whenSeen } from './island.js';

const MARKS = { done: 'kf-done', current: 'kf-now', late: 'kf-late', rejected: 'kf-rejected', flows: 'kf-flow', back: 'kf-back' };
const FOCUS_SPAN = 860; // diagram units shown across the frame when looking at one element: labels stay readable

const translate = (template, values = {}) =>
  (words[template] ?? template).replace(/{([^}]+)}/g, (_, key) => values[key] ?? `{${key}}`);

island('diagram', (host) => whenSeen(host, () => show(host).catch((fault) => fail(host, fault))));

async function show(host) {
  const state = figuresOf(host);
  const answer = await fetch(host.dataset.src, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const canvas = el('div', { class: 'bpmn-canvas' });
  host.append(canvas);
  const viewer = new NavigatedViewer({
    container: canvas,
    zoomScroll: { enabled: false }, // the wheel belongs to the page until the person clicks into the picture
    additionalModules: [{ translate: ['value', translate] }],
  });
  await viewer.importXML(await answer.text());
  host.querySelector('.bpmn-wait')?.remove();
  mark(viewer, state);
  badges(viewer, state);
  tips(host, viewer, state.notes ?? {});
  const target = state.focus ?? (state.late ?? [])[0] ?? (state.current ?? [])[0];
  const look = () => (target ? lookAt(viewer, target) : whole(viewer));
  tools(host, viewer, target);
  wheel(host, viewer);
  look();
  watchSize(host, viewer, look);
  host.dataset.ready = 'yes';
}

function fail(host, fault) {
  const wait = host.querySelector('.bpmn-wait');
  if (wait) wait.textContent = '流程图暂时无法显示，办理过程请看文字记录。';
  host.dataset.ready = 'failed';
  console.warn('diagram', fault.message);
}

function mark(viewer, state) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  for (const [key, name] of Object.entries(MARKS)) {
    for (const id of state[key] ?? []) if (registry.get(id)) canvas.addMarker(id, name);
  }
}

function badges(viewer, state) {
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  const texts = { ...Object.fromEntries((state.current ?? []).map((id) => [id, '办理中'])),
    ...Object.fromEntries((state.late ?? []).map((id) => [id, '已超时'])), ...state.badges };
  for (const [id, text] of Object.entries(texts)) {
    const element = registry.get(id);
    if (!element) continue;
    const tone = (state.late ?? []).includes(id) ? ' late' : (state.current ?? []).includes(id) ? ' now' : '';
    const badge = el('div', { class: `bpmn-badge${tone}` }, text);
    overlays.add(id, 'kf-badge', { position: { top: -14, left: 8 }, html: badge, scale: { min: 0.85, max: 1.15 } });
  }
}

function whole(viewer) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() > 1) canvas.zoom(1, 'auto');
}

/** Shows the element about a third from the left, so that what comes next is in the picture too. */
function lookAt(viewer, id) {
  const canvas = viewer.get('canvas');
  const element = viewer.get('elementRegistry').get(id);
  if (!element) return whole(viewer);
  const { outer } = canvas.viewbox();
  const width = Math.max(FOCUS_SPAN, element.width * 3);
  const height = (width * outer.height) / outer.width;
  canvas.viewbox({ x: element.x + element.width / 2 - width * 0.42, y: element.y + element.height / 2 - height / 2, width, height });
}

function tools(host, viewer, target) {
  const zoom = viewer.get('zoomScroll');
  const button = (label, symbol, act, text = '') =>
    el('button', { type: 'button', title: label, 'aria-label': label, onclick: act }, icon(symbol), text);
  const buttons = [
    button('缩小', 'minus', () => zoom.stepZoom(-1)),
    button('放大', 'plus', () => zoom.stepZoom(1)),
    button('显示整图', 'fit', () => whole(viewer), '整图'),
  ];
  if (target) buttons.push(button('回到当前环节', 'target', () => lookAt(viewer, target), '当前环节'));
  if (host.requestFullscreen) buttons.push(button('全屏查看或退出', 'eye', () => fullscreen(host), '全屏'));
  host.append(el('div', { class: 'bpmn-tools', role: 'group', 'aria-label': '流程图缩放' }, ...buttons));
}

function fullscreen(host) {
  if (document.fullscreenElement) document.exitFullscreen();
  else host.requestFullscreen();
}

function wheel(host, viewer) {
  const scroll = viewer.get('zoomScroll');
  host.addEventListener('pointerdown', () => scroll.toggle(true));
  host.addEventListener('pointerleave', () => document.fullscreenElement === host || scroll.toggle(false));
}

/** Who, when, opinion: beside the element under the pointer. The same words stand in the course beside the diagram. */
function tips(host, viewer, notes) {
  const tip = el('div', { class: 'bpmn-tip', role: 'tooltip', hidden: true });
  host.append(tip);
  const bus = viewer.get('eventBus');
  bus.on('element.hover', ({ element, originalEvent }) => {
    const text = notes[element.id] ?? notes[element.labelTarget?.id];
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const frame = host.getBoundingClientRect();
    const x = originalEvent.clientX - frame.left + 14;
    const y = originalEvent.clientY - frame.top + 16;
    tip.style.left = `${Math.max(4, Math.min(x, frame.width - tip.offsetWidth - 8))}px`;
    tip.style.top = `${Math.max(4, Math.min(y, frame.height - tip.offsetHeight - 8))}px`;
  });
  bus.on('element.out', () => { tip.hidden = true; });
  bus.on('canvas.viewbox.changing', () => { tip.hidden = true; });
}

function watchSize(host, viewer, look) {
  let { width } = host.getBoundingClientRect();
  new ResizeObserver(([entry]) => {
    if (!entry.contentRect.width || Math.abs(entry.contentRect.width - width) < 2) return;
    width = entry.contentRect.width;
    viewer.get('canvas').resized();
    look();
  }).observe(host);
}
