// Keys for the whole page: Ctrl/Cmd+K and / search, G H home, G 1..9 pages, ? help. Silent while somebody types.
const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];
const typing = el => el.closest?.('input, textarea, select, [contenteditable]');
const show = id => { const d = $(id); if (!d || d.open) return; $$('dialog[open]').forEach(o => o.close()); d.showModal(); d.dispatchEvent(new Event('opened')); };

export function keys() {
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  if (mac) $$('[data-mod-key]').forEach(k => { k.textContent = '⌘K'; });
  let lead = 0;
  document.addEventListener('keydown', e => {
    if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); const d = $('#palette'); if (d?.open) d.close(); else show('#palette'); return; }
    if (e.metaKey || e.ctrlKey || e.altKey || typing(e.target) || $('dialog[open]')) return;
    if (e.key === '/') { e.preventDefault(); return show('#palette'); }
    if (e.key === '?') { e.preventDefault(); return show('#keys'); }
    const own = $$(`[data-key="${CSS.escape(e.key)}"]`).find(b => b.checkVisibility());   // the keys of this page: A approve, J next
    if (own && Date.now() - lead > 1500) { e.preventDefault(); return own.click(); }
    if (e.key === 'g') { lead = Date.now(); return; }
    if (Date.now() - lead > 1500) return;
    lead = 0;
    if (e.key === 'h') location.href = document.body.dataset.home;
    const page = $$('[data-go-key]').find(k => k.textContent === e.key);
    if (page) location.href = page.dataset.goKey;
  });
}
