// The instance under test: where it is, its keys (demo.env), one way to ask it, and accounts and keys of one's own.
import { execFileSync, spawn } from 'node:child_process';

const setting = (name) => {
  if (!process.env[name]) throw new Error(`${name} is not set: start with tests/clients/run`);
  return process.env[name];
};

export const baseUrl = setting('QL_BASE_URL');
export const httpBaseUrl = setting('QL_HTTP_BASE_URL');
export const agencyKey = setting('QL_API_KEY');
export const otherKey = setting('QL_OTHER_KEY');  // the contract test uses it up
export const freeKey = setting('QL_FREE_KEY');

// Well-formed, but its checksum is wrong.
export const junkKey = `ql_${'0'.repeat(36)}`;

// `json` is sent as a body of that type, `body` as it is. The answer is read whole: one that is left unread would keep its
// connection, and with it the process, until the server has had enough.
export async function ask(path, { key, method = 'GET', headers = {}, base = baseUrl, json, body } = {}) {
  const credentials = key ? { authorization: `Bearer ${key}` } : {};
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(base + path, {
    method, headers: { ...credentials, ...type, ...headers }, redirect: 'manual', body: json === undefined ? body : JSON.stringify(json),
  });
  const bytes = await response.arrayBuffer();
  return new Response(bytes.byteLength > 0 ? bytes : null, { status: response.status, headers: response.headers });
}

const operator = (...words) => JSON.parse(execFileSync(setting('QL_OPERATOR'), [...words, '--json'], { encoding: 'utf8' }));

// A further key, with a limit of its own.
export const newKey = (account, scope = 'write') => operator('key', 'add', '--account', account, '--scope', scope, '--name', 'tests/clients').key;

// An account without links, and a key that may write.
let accounts = 0;
export function newAccount(name) {
  const unique = `${name} ${process.pid}-${Date.now()}-${++accounts}`;
  operator('account', 'add', unique, '--plan', 'agency');
  return { name: unique, key: newKey(unique) };
}

// Any link of the account.
export async function someLinkId(key) {
  const page = await (await ask('/api/v1/links?limit=1', { key })).json();
  return page.links[0].id;
}

// What the API cannot do, such as a link's check: with the rights of the database's owner.
export const sql = (statement) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', setting('QL_DATABASE_URL'), '-c', statement], { encoding: 'utf8' });

// What a monitor would have written of a link: that it came to a page.
export const seeCheck = (linkId) => sql(`
  insert into checks (account_id, link_id, checked_at, id, outcome, status, confirmed, final_url, http_status, duration_ms, hops, evidence)
  select account_id, id, clock_timestamp(), gen_random_uuid(), 'conclusive', 'healthy', true, url, 200, 12,
         json_build_array(json_build_object('url', url, 'http_status', 200, 'kind', 'http', 'location', null, 'duration_ms', 12)),
         '{"summary": "Nothing is amiss", "hop": null, "detail": ""}'
    from links where id = '${linkId}'`);

// Holds a link's watch as another session's transaction would, until what it resolves to is called. The link has not been
// asked to be checked: a request that comes too soon would not wait.
export async function holdWatch(linkId) {
  sql(`update link_watch set requested_at = null where link_id = '${linkId}'`);
  const child = spawn('psql', ['-X', '-q', '-A', '-t', '-d', setting('QL_DATABASE_URL')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const over = new Promise((ended) => child.once('close', ended));
  child.stdin.write(`begin;\nselect 'held' from link_watch where link_id = '${linkId}' for update;\n`);
  await new Promise((held) => child.stdout.once('data', held));
  return () => (child.stdin.end(), over);
}
