// Says before the session ends, so that nobody loses what they typed. Every request to the server starts the clock anew.
import { el, icon } from '../dom.js';

const seconds = Number(document.body.dataset.sessionSeconds);
const renew = document.body.dataset.sessionRenew;
const WARN_SECONDS = 120;
let timers = [];
let box = null;

function restart() {
  timers.forEach(clearTimeout);
  box?.remove();
  box = null;
  timers = [
    setTimeout(warn, Math.max(1, seconds - WARN_SECONDS) * 1000),
    setTimeout(ended, seconds * 1000),
  ];
}

function say(tone, text, button) {
  box?.remove();
  box = el('div', { class: 'toasts', role: 'alert' }, el('div', { class: `alert alert-${tone}` }, icon('clock'), el('p', {}, text), button));
  document.body.append(box);
}

function warn() {
  const stay = el('button', { class: 'btn btn-s', type: 'button', onclick: keep }, '继续使用');
  say('warn', '您已有一段时间没有操作，登录将在 2 分钟后失效。未提交的内容请及时保存。', stay);
}

function ended() {
  const back = el('button', { class: 'btn btn-s', type: 'button', onclick: () => location.reload() }, '重新登录');
  say('bad', '登录已失效。重新登录后可以继续，未提交的内容请先复制保存。', back);
}

async function keep() {
  const answer = await fetch(renew, { credentials: 'same-origin', redirect: 'manual' }).catch(() => null);
  if (answer?.ok) restart();
  else ended();
}

if (seconds > 0) {
  restart();
  for (const name of ['htmx:afterOnLoad', 'kaohe:replaced']) document.addEventListener(name, restart);
}
