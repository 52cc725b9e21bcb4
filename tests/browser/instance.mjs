// The instance under test: accounts with users, links and checks of one's own, made as the operator makes them.
import { execFileSync } from 'node:child_process';

const setting = (name) => {
  if (!process.env[name]) throw new Error(`${name} is not set: start with tests/browser/run`);
  return process.env[name];
};

export const baseUrl = setting('QL_BASE_URL');
export const demo = { email: setting('QL_DEMO_EMAIL'), password: setting('QL_DEMO_PASSWORD') };

const run = (words, input) => execFileSync(setting('QL_OPERATOR'), words, { encoding: 'utf8', input, env: { ...process.env, QL_PUBLIC_URL: baseUrl } });
export const operator = (...words) => JSON.parse(run([...words, '--json']));

// With the rights of the database's owner; the rows' text.
export const sql = (statement) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', setting('QL_DATABASE_URL'), '-c', statement], { encoding: 'utf8' }).trim();

let accounts = 0;
// An account with somebody who signs in, a key that may write, and the API as that key has it.
export function newAccount({ plan = 'agency' } = {}) {
  const unique = `${process.pid}-${Date.now()}-${++accounts}`;
  const account = { name: `Browser ${unique}`, email: `reader-${unique}@agency.example`, password: `correct horse ${unique}` };
  operator('account', 'add', account.name, '--plan', plan);
  run(['user', 'add', account.email, '--account', account.name, '--password-stdin'], `${account.password}\n`);
  account.key = operator('key', 'add', '--account', account.name, '--scope', 'write', '--name', 'Setup').key;
  return account;
}

export async function api(account, method, path, body) {
  const answer = await fetch(baseUrl + path, {
    method, headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

// Resolves to the links, in their order.
export async function addLinks(account, links) {
  const made = [];
  for (let start = 0; start < links.length; start += 100) {
    const { results } = await api(account, 'POST', '/api/v1/links/bulk', { links: links.slice(start, start + 100) });
    made.push(...results.map(({ link }) => link));
  }
  return made;
}

const quote = (text) => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`);

// What the monitor would have come to believe.
export const setStatus = (link, status, mode, clicks = 0) => sql(`
  update links set status = '${status}', failure_mode = ${quote(mode)}, last_checked_at = date_trunc('second', now()), clicks_30d = ${clicks},
         clicks_day = (now() at time zone 'utc')::date, clicks_until = (now() at time zone 'utc')::date where id = '${link.id}';
  insert into link_clicks_daily (account_id, link_id, day, humans, bots, uniques)
  select account_id, id, (now() at time zone 'utc')::date - 1, ${clicks}, 7, ${clicks} from links where id = '${link.id}' and ${clicks} > 0`);

const hop = (url, httpStatus, location) => ({ url, http_status: httpStatus, kind: 'http', location, duration_ms: 40 });

// What a monitor would have written: three hops, the second of which lost the tag unless the check is healthy.
export function addCheck(link, { status = 'broken', mode = 'tag_dropped', secondsAgo = 0, confirmed = true } = {}) {
  const fault = mode === null ? null : 1;
  const hops = [hop(link.url, 302, 'https://count.example/c?tag=mine'), hop('https://count.example/c?tag=mine', 301, 'https://shop.example/p/1'), hop('https://shop.example/p/1', 200, null)];
  const evidence = { summary: mode === null ? 'Nothing is amiss.' : 'This redirect lost the parameter tag.', hop: fault, detail: '' };
  sql(`insert into checks (account_id, link_id, checked_at, id, outcome, status, failure_mode, confirmed, final_url, http_status, duration_ms, hops, evidence)
    select account_id, id, clock_timestamp() - ${secondsAgo} * interval '1 second', gen_random_uuid(), 'conclusive', '${status}', ${quote(mode)}, ${confirmed},
           'https://shop.example/p/1', 200, 120, ${quote(JSON.stringify(hops))}, ${quote(JSON.stringify(evidence))} from links where id = '${link.id}'`);
}
