// Toasts: the server sends HX-Trigger: {"toast": {"title": "Deal approved", "text": "…", "undo": "/url", "tone": "bad"}};
// messages of a full page load are rendered by the server and only need their buttons and timers.
const $ = (s, el = document) => el.querySelector(s);

export function toasts(htmx) {
  const live = $('#toasts'), model = $('#toast-tpl');
  if (!live || !model) return;
  const arm = (t, ms) => {
    $('[data-dismiss]', t).addEventListener('click', () => t.remove());
    const timer = ms && setTimeout(() => t.remove(), ms);
    for (const ev of ['mouseenter', 'focusin']) t.addEventListener(ev, () => clearTimeout(timer));
  };
  const toast = ({ title, text = '', undo, tone }) => {
    const t = model.content.firstElementChild.cloneNode(true), bad = tone === 'bad';
    t.classList.toggle('is-bad', bad); $('[data-bad]', t).hidden = !bad; $('[data-good]', t).hidden = bad;
    $('[data-title]', t).textContent = title; $('[data-text]', t).textContent = text;
    const u = $('[data-undo]', t);
    if (undo) { u.hidden = false; u.addEventListener('click', () => { if (undo !== true) htmx.ajax('POST', undo, { swap: 'none' }); t.remove(); }); }
    live.append(t); arm(t, bad ? 0 : undo ? 10000 : 6000);
  };
  live.querySelectorAll('.toast').forEach(t => arm(t, t.classList.contains('is-bad') ? 0 : 8000));
  document.addEventListener('toast', e => toast(e.detail));
  document.addEventListener('click', e => { const b = e.target.closest('[data-toast]'); if (b) toast(JSON.parse(b.dataset.toast)); });
  document.addEventListener('htmx:responseError', e => { if (!e.detail.xhr.getResponseHeader('HX-Trigger')) toast({ title: live.dataset.failed, tone: 'bad' }); });
  document.addEventListener('htmx:sendError', () => toast({ title: live.dataset.offline, tone: 'bad' }));
}
