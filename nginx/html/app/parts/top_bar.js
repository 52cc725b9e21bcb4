// The bar at the top: where one can go, who is signed in, and the way out.
import { html } from '../vendor/htm-preact.js';
import { useSession } from '../session.js';
import { Mark } from './icons.js';

const places = [
  ['/app/links', 'Links', /^\/app\/(links.*)?$/],
  ['/app/events', 'Events', /^\/app\/events/],
  ['/app/settings/keys', 'Settings', /^\/app\/settings/],
];

export function TopBar({ path }) {
  const { user, account, signOut } = useSession();
  return html`<header class="top">
    <a class="skip" href="#main">Skip to the content</a>
    <div class="top-inner">
      <a class="brand" href="/app/links"><${Mark} /><span>QuietLeaks</span></a>
      <nav aria-label="Main">
        ${places.map(([href, name, pattern]) => html`<a key=${href} href=${href} aria-current=${pattern.test(path) ? 'page' : null}>${name}</a>`)}
      </nav>
      <div class="who">
        <span class="who-names" title=${user.email}><strong>${account.name}</strong><small>${user.email}</small></span>
        <button type="button" class="secondary outline" onClick=${signOut}>Sign out</button>
      </div>
    </div>
  </header>`;
}

const settings = [
  ['/app/settings/keys', 'API Keys'],
  ['/app/settings/account', 'Account'],
];

export function SettingsTabs({ path }) {
  return html`<nav class="tabs" aria-label="Settings">
    ${settings.map(([href, name]) => html`<a key=${href} href=${href} aria-current=${path === href ? 'page' : null}>${name}</a>`)}
  </nav>`;
}
