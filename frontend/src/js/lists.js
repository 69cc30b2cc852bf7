// Lists: select all, the count of selected rows, and the focus after a page turn.
const $$ = (s, el = document) => [...el.querySelectorAll(s)];

const count = form => {
  const boxes = $$('tbody .tick input', form), picked = boxes.filter(b => b.checked).length, all = form.querySelector('[data-select-all]');
  form.querySelector('[data-selected-count]')?.replaceChildren(String(picked));
  if (all) { all.checked = picked > 0 && picked === boxes.length; all.indeterminate = picked > 0 && picked < boxes.length; }
};
const wake = root => $$('[data-select-all]', root).forEach(b => { b.hidden = false; count(b.form); });

export function lists() {
  wake(document);
  document.addEventListener('change', e => {
    const form = e.target.closest?.('.list-form-rows'); if (!form) return;
    if (e.target.matches('[data-select-all]')) $$('tbody .tick input', form).forEach(b => { b.checked = e.target.checked; });
    count(form);
  });
  document.addEventListener('htmx:afterSettle', e => {
    const list = e.detail.elt; if (!list.matches?.('#results')) return;
    wake(list);
    if (document.activeElement === document.body) list.querySelector('.table-wrap, .empty-h')?.focus({ preventScroll: true });
  });
}
