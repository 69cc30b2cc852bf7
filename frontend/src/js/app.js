// One small file of behaviours. Everything works by attribute, so Django templates need no inline script (strict CSP).
import htmx from 'htmx.org';
import Alpine from '@alpinejs/csp';
import { keys } from './keys.js';
import { lists } from './lists.js';
import { palette } from './palette.js';
import { toasts } from './toasts.js';

htmx.config.allowEval = false;              // no unsafe-eval
htmx.config.includeIndicatorStyles = false; // no inline <style>
htmx.config.responseHandling = [{ code: '204', swap: false }, { code: '[23]..', swap: true }, { code: '422', swap: true }, { code: '[45]..', swap: false, error: true }];
htmx.config.historyCacheSize = 0;           // no copies of pages in the browser's storage: going back asks the server
htmx.config.refreshOnHistoryMiss = true;
window.htmx = htmx;

const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];

/* dialogs: data-open="#id", data-close, click on backdrop. A link with data-open is the way without script. */
document.addEventListener('click', e => {
  const open = e.target.closest('[data-open]');
  if (open) { const d = $(open.dataset.open); if (!d || e.ctrlKey || e.metaKey) return; e.preventDefault(); open.closest('dialog')?.close(); d.showModal(); d.dispatchEvent(new Event('opened')); return; }
  if (e.target.closest('[data-close]')) return e.target.closest('dialog')?.close();
  if (e.target instanceof HTMLDialogElement) { const r = e.target.getBoundingClientRect(); if (e.clientX < r.left || e.clientX > r.right || e.clientY < r.top || e.clientY > r.bottom) e.target.close(); }
});

/* theme: the server renders data-theme from the cookie, so there is no flash */
document.addEventListener('click', e => {
  if (!e.target.closest('[data-theme-toggle]')) return;
  const root = document.documentElement, dark = (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  root.dataset.theme = dark ? 'light' : 'dark';
  document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  document.dispatchEvent(new Event('themechange'));
});

/* pressed groups (segmented control) */
document.addEventListener('click', e => {
  const b = e.target.closest('.segmented > [aria-pressed]'); if (!b) return;
  $$('[aria-pressed]', b.parentElement).forEach(x => x.setAttribute('aria-pressed', x === b));
  b.dispatchEvent(new CustomEvent('segment', { bubbles: true, detail: b.value }));
});
/* chart card: Chart | Table */
document.addEventListener('segment', e => { const c = e.target.closest('[data-chart-card]'); if (c) { $('[data-view=chart]', c).hidden = e.detail !== 'chart'; $('[data-view=table]', c).hidden = e.detail !== 'table'; } });

/* decision queue: J/K move, Enter opens (only when the list has focus within) */
document.addEventListener('keydown', e => {
  const list = e.target.closest?.('[data-jk]'); if (!list || !['j', 'k'].includes(e.key)) return;
  const links = $$('li .t a', list), i = links.indexOf(document.activeElement); links[Math.max(0, Math.min(links.length - 1, i + (e.key === 'j' ? 1 : -1)))]?.focus();
});

/* <time data-countdown datetime="…">: refreshed each minute, text only */
function countdowns() {
  for (const t of $$('[data-countdown]')) {
    const ms = new Date(t.dateTime) - Date.now(); if (!(ms > 0)) continue;
    const d = Math.floor(ms / 864e5), h = Math.floor(ms / 36e5) % 24, m = Math.floor(ms / 6e4) % 60;
    t.textContent = d ? `${d} d ${h} h left` : h ? `${h} h ${m} min left` : `${m} min left`;
  }
}
setInterval(countdowns, 60000);

/* upload progress: <form hx-post hx-encoding="multipart/form-data"> with a <progress> inside (htmx 2 = XHR upload events) */
document.addEventListener('htmx:xhr:progress', e => { const p = $('progress', e.target); if (p && e.detail.lengthComputable) p.value = (e.detail.loaded / e.detail.total) * 100; });
document.addEventListener('dragover', e => { const z = e.target.closest?.('.dropzone'); if (z) { e.preventDefault(); z.classList.add('is-over'); } });
document.addEventListener('dragleave', e => e.target.closest?.('.dropzone')?.classList.remove('is-over'));
document.addEventListener('drop', e => { const z = e.target.closest?.('.dropzone'); if (!z) return; e.preventDefault(); z.classList.remove('is-over'); const i = $('input[type=file]', z); i.files = e.dataTransfer.files; i.dispatchEvent(new Event('change', { bubbles: true })); });
document.addEventListener('change', e => { const i = e.target; if (i.type !== 'file' || !i.files?.length) return; const n = $('[data-file-name]', i.closest('.dropzone') ?? i); if (n) n.textContent = [...i.files].map(f => f.name).join(', '); });

/* a form says <form data-once>: a second click does not send it twice */
document.addEventListener('submit', e => { const f = e.target; if (f.method !== 'post' || e.defaultPrevented) return; if (f.dataset.sent) { e.preventDefault(); return; } f.dataset.sent = 'yes'; setTimeout(() => delete f.dataset.sent, 4000); });
addEventListener('pageshow', e => { if (e.persisted) $$('form[data-sent]').forEach(f => delete f.dataset.sent); });

/* after a refused form or a swap: the focus goes to what changed */
const takeFocus = root => { const el = root.matches?.('[data-take-focus]') ? root : $('[data-take-focus]', root); el?.focus(); };
document.addEventListener('htmx:afterSettle', e => takeFocus(e.detail.elt));

/* local state that is not worth a round trip; expressions stay tiny, logic lives here */
Alpine.data('tabs', () => ({ tab: '', init() { this.tab = this.$root.dataset.tab; }, pick(e) { this.tab = e.currentTarget.value; }, is(name) { return this.tab === name; }, arrow(e) { const t = $$('[role=tab]', this.$root), n = t[(t.indexOf(e.target) + (e.key === 'ArrowRight' ? 1 : t.length - 1)) % t.length]; n.focus(); n.click(); } }));
window.Alpine = Alpine;
Alpine.start();

const ready = () => {
  toasts(htmx); palette(); keys(); lists(); takeFocus(document);
  $$('dialog[open]').forEach(d => { d.close(); d.showModal(); });   // the server opened it (no script, or a refused form): make it modal
  const h = location.hash.slice(1); if (h.startsWith('open-')) { const d = document.getElementById(h.slice(5)); d?.showModal?.(); d?.dispatchEvent(new Event('opened')); }
};
document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', ready) : ready();

// The navigation is longer than some screens: the page one is on stands in sight.
document.querySelector(".sidebar-scroll [aria-current]")?.scrollIntoView({ block: "nearest" });
