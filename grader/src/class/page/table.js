// Each column's head becomes a button that sorts; above the table of students, a field and two lists show some of them.
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0];
  const collator = new Intl.Collator(undefined, { numeric: true });
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement('button');
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const rows = [...body.rows].map((row) => ({ row, text: row.cells[column].textContent }));
      rows.sort((a, b) => (up ? 1 : -1) * collator.compare(a.text, b.text));
      body.append(...rows.map(({ row }) => row));
    });
  }
}
const [form] = document.forms;
if (form) {
  const { text, state, task } = form.elements;
  const rows = [...document.getElementById('students').tBodies[0].rows].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    state: row.dataset.state,
    failed: row.dataset.failed.split(' '),
  }));
  const show = () => {
    const words = text.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const one of rows) {
      const is =
        words.every((word) => one.text.includes(word)) &&
        (state.value === '' || one.state === state.value) &&
        (task.value === '' || one.failed.includes(task.value));
      one.row.hidden = !is;
      if (is) shown++;
    }
    form.elements.shown.value = `${shown} of ${rows.length}`;
  };
  form.hidden = false;
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => event.preventDefault());
  show();
}
