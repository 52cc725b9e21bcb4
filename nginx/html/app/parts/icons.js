// The few drawings of the page. They are ornaments: what they mean is said in words beside them.
import { html } from '../vendor/htm-preact.js';

const paths = {
  copy: 'M9 9V5.5A1.5 1.5 0 0 1 10.5 4h8A1.5 1.5 0 0 1 20 5.5v8a1.5 1.5 0 0 1-1.5 1.5H15M5.5 9h8A1.5 1.5 0 0 1 15 10.5v8a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 18.5v-8A1.5 1.5 0 0 1 5.5 9z',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19 4 20zM13.5 7l3.5 3.5',
  trash: 'M4 7h16M9.5 7V4.5h5V7M6 7l1 13h10l1-13M10 11v5M14 11v5',
  plus: 'M12 5v14M5 12h14',
  upload: 'M12 15V4M8 8l4-4 4 4M4 15v4.5h16V15',
  download: 'M12 4v11M8 11l4 4 4-4M4 15v4.5h16V15',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  warning: 'M12 4l9 16H3L12 4zM12 10v4.5M12 17v.5',
  refresh: 'M19 12a7 7 0 1 1-2.1-5M19 4v4h-4',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20',
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${paths[name]} /></svg>`;
}

export function Mark() {
  return html`<img class="mark" src="/app/mark.svg" alt="" width="28" height="28" />`;
}
