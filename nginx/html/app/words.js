// The API's words, as people say them.
const number = new Intl.NumberFormat('en');

export const statuses = {
  healthy: 'Healthy',
  broken: 'Broken',
  redirected: 'Redirected',
  slow: 'Slow',
  pending: 'Pending',
};

// A few words for a list, and a sentence for the link's own page.
const failures = {
  not_found: ['Page is gone', 'The destination says that this page no longer exists.'],
  silent_redirect: ['Sent to another page', 'Visitors land on the shop’s homepage, a category or a search page instead of the product.'],
  tag_dropped: ['Affiliate tag lost', 'The product page opens, but a redirect dropped your affiliate tag. Sales are not credited to you.'],
  js_redirect: ['Redirected by script', 'A script sends visitors on to another page, and we could not follow it.'],
  soft_404: ['Product is gone', 'The page loads, but says that the product no longer exists.'],
  out_of_stock: ['Out of stock', 'The page loads, but the product cannot be bought.'],
  unreachable: ['Unreachable', 'The destination’s server does not respond.'],
  tls_error: ['Certificate error', 'The destination’s certificate is not valid. Browsers warn visitors away.'],
  redirect_loop: ['Endless redirects', 'The redirects never end.'],
  server_error: ['Server error', 'The destination’s server answers with an error.'],
  moved: ['Moved', 'The product has moved for good. The link still earns, but should point to the new address.'],
  slow: ['Over 3 seconds', 'The page takes more than 3 seconds to answer. Visitors may leave before they see it.'],
};

export const failureWords = (mode) => failures[mode]?.[0] ?? mode.replaceAll('_', ' ');
export const failureSentence = (mode) => failures[mode]?.[1] ?? `The check found: ${mode.replaceAll('_', ' ')}.`;

export const eventTypes = {
  'link.status_changed': 'Status changed',
  'link.created': 'Link added',
  'link.updated': 'Link edited',
  'link.deleted': 'Link deleted',
  'link.monitoring_changed': 'Monitoring changed',
  'key.created': 'API key created',
  'key.revoked': 'API key revoked',
};

// Plans are the operator's to name; those that we know are written as names.
const plans = { free: 'Free', pro: 'Pro', agency: 'Agency' };
export const planName = (plan) => plans[plan] ?? plan;

export const count = (value) => number.format(value);
export const counted = (value, noun) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

// Only these may become the href of a link.
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

export function hostOf(text) {
  try {
    return new URL(text).host;
  } catch {
    return text;
  }
}

// "every hour", of a plan's seconds.
export function every(seconds) {
  const hours = seconds / 3600;
  if (hours === 1) return 'every hour';
  if (hours > 1) return `every ${Number(hours.toFixed(1))} hours`;
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? 'every minute' : `every ${minutes} minutes`;
}

// "Firefox on Windows", as far as a user agent can be believed.
export function browserName(agent) {
  const browser = [['Edg/', 'Edge'], ['EdgA/', 'Edge'], ['EdgiOS/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['FxiOS/', 'Firefox'], ['Chrome/', 'Chrome'], ['CriOS/', 'Chrome'], ['Safari/', 'Safari'], ['curl/', 'curl']].find(([mark]) => agent.includes(mark));
  const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['Linux', 'Linux']].find(([mark]) => agent.includes(mark));
  if (!browser) return 'Unknown browser';
  return system ? `${browser[1]} on ${system[1]}` : browser[1];
}
