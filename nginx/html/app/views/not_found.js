// A path of the dashboard that leads nowhere.
import { html } from '../vendor/htm-preact.js';
import { Page } from '../parts/page.js';
import { Empty } from '../parts/states.js';

export function NotFound() {
  return html`<${Page} title="Page not found">
    <${Empty} title="There is nothing at this address."><a href="/app/links" role="button">Go to your links</a><//>
  <//>`;
}
