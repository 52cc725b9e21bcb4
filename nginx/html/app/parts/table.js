// A table that becomes cards on a phone. Roles are given by hand, since browsers forget them with `display: block`.
import { html } from '../vendor/htm-preact.js';

// sort: the list's order as the API writes it, with `-` for descending; a column with a `sort` of its own can be sorted by.
function Head({ column, sort, onSort }) {
  const order = sort === column.sort ? 'ascending' : sort === `-${column.sort}` ? 'descending' : null;
  const first = column.numeric || column.descendsFirst ? `-${column.sort}` : column.sort;
  const other = order === 'descending' ? column.sort : `-${column.sort}`;
  return html`<th scope="col" role="columnheader" class=${column.numeric ? 'number' : null} aria-sort=${order}>
    ${column.sort && onSort
      ? html`<button type="button" class="sort" onClick=${() => onSort(order ? other : first)}>${column.label}<i aria-hidden="true"></i></button>`
      : html`<span class=${column.hidden ? 'hidden' : null}>${column.label}</span>`}
  </th>`;
}

function Cell({ column, row, index }) {
  const content = column.cell(row, index);
  if (column.rowHeader) return html`<th scope="row" role="rowheader" class="row-header">${content}</th>`;
  return html`<td role="cell" data-label=${column.hidden ? null : column.label} class=${[column.numeric && 'number', column.words && 'words', column.className].filter(Boolean).join(' ') || null}>${column.words ? html`<span>${content}</span>` : content}</td>`;
}

// columns: [{label, cell(row), numeric, words: they may be long, rowHeader, hidden: the label is for screen readers, sort, className}]; rows have an id.
export function Table({ caption, columns, rows, sort, onSort, rowClass = () => null, className = '' }) {
  return html`<div class="table-frame ${className}"><table role="table">
    <caption class="hidden">${caption}</caption>
    <thead role="rowgroup"><tr role="row">
      ${columns.map((column) => html`<${Head} key=${column.label} column=${column} sort=${sort} onSort=${onSort} />`)}
    </tr></thead>
    <tbody role="rowgroup">
      ${rows.map((row, index) => html`<tr role="row" key=${row.id} class=${rowClass(row)}>
        ${columns.map((column) => html`<${Cell} key=${column.label} column=${column} row=${row} index=${index} />`)}
      </tr>`)}
    </tbody>
  </table></div>`;
}
