// Pictures of each view, at both sizes, light and dark, of the demo: QL_SCREENSHOTS/VIEW-SIZE-SCHEME.png.
import { join } from 'node:path';
import { sizes, visit } from './browser.mjs';
import { demo, newAccount, sql } from './instance.mjs';

const worst = sql(`select links.id from links join accounts on accounts.id = account_id where accounts.name = 'Demo Agency' and status = 'broken'
                    and failure_mode in ('silent_redirect', 'tag_dropped') order by clicks_30d desc limit 1`);
const empty = newAccount();
const free = newAccount({ plan: 'free' });
const click = (name) => (page) => page.getByRole('button', { name }).first().click();

const views = [
  ['start', '/', null], ['error', '/nothing-here', null], ['sign-in', '/app/', null], ['sign-up', '/app/signup', null], ['reset', '/app/reset#token=abc', null],
  ['links', '/app/', demo], ['links-broken', '/app/links?status=broken&sort=-clicks_30d', demo], ['links-empty', '/app/', empty],
  ['link-add', '/app/', demo, click('Add link')], ['import', '/app/', demo, click('Import')],
  ['link', `/app/links/${worst}`, demo], ['events', '/app/events?type=link.status_changed', demo],
  ['keys', '/app/settings/keys', demo], ['key-new', '/app/settings/keys', demo, click('Generate an API key')], ['keys-free', '/app/settings/keys', free],
  ['account', '/app/settings/account', demo],
];

for (const size of Object.keys(sizes)) {
  for (const scheme of ['light', 'dark']) {
    for (const [name, path, as, act] of views) {
      const page = await visit(path, { size, scheme, as, expected: [404] });
      await page.waitForLoadState('networkidle');
      await act?.(page);
      await page.waitForTimeout(300);
      await page.screenshot({ fullPage: !act, path: join(process.env.QL_SCREENSHOTS, `${name}-${size}-${scheme}.png`) });
      await page.finish();
    }
  }
}
console.log(`${views.length * 4} pictures in ${process.env.QL_SCREENSHOTS}`);
process.exit(0);
