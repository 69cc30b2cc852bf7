// Command palette: Ctrl/Cmd+K. Pages are in the document; hits come from the server into #palette-hits. Roving aria-activedescendant.
const $ = (s, el = document) => el.querySelector(s);
const $$ = (s, el = document) => [...el.querySelectorAll(s)];

export function palette() {
  const d = $('#palette'); if (!d) return;
  const input = $('input[role=combobox]', d), hits = $('#palette-hits', d), none = $('[data-none]', d); let at = 0;
  const shown = () => $$('[role=option]', d).filter(i => !i.hidden);
  const mark = () => {
    const s = shown(); at = Math.max(0, Math.min(at, s.length - 1));
    $$('[role=option]', d).forEach(i => i.setAttribute('aria-selected', String(i === s[at]))); none.hidden = s.length > 0;
    if (s[at]) { input.setAttribute('aria-activedescendant', s[at].id); s[at].scrollIntoView({ block: 'nearest' }); } else input.removeAttribute('aria-activedescendant');
  };
  const filter = () => {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    $$('[data-go]', d).forEach(i => { i.hidden = !words.every(w => i.textContent.toLowerCase().includes(w)); });
    $$('[role=group]', d).forEach(g => { g.hidden = !$$('[role=option]', g).some(i => !i.hidden); });
    at = 0; mark();
  };
  const go = i => { if (!i?.dataset.href) return false; d.close(); location.href = i.dataset.href; return true; };
  input.addEventListener('input', filter);
  input.addEventListener('keydown', e => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { at += e.key === 'ArrowDown' ? 1 : -1; mark(); e.preventDefault(); }
    else if (e.key === 'Enter' && go(shown()[at])) e.preventDefault();   // nothing marked: the form goes to the search page
  });
  d.addEventListener('click', e => go(e.target.closest('[role=option]')));
  d.addEventListener('mousemove', e => { const i = e.target.closest('[role=option]'); if (i && i.getAttribute('aria-selected') !== 'true') { at = shown().indexOf(i); mark(); } });
  hits.addEventListener('htmx:afterSwap', filter);
  d.addEventListener('opened', () => { input.value = ''; filter(); input.focus(); });
  filter();
}
