// The instance under test: where it is, its keys (demo.env), and one way to ask it.
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

export function ask(path, { key, method = 'GET', headers = {}, base = baseUrl } = {}) {
  const credentials = key ? { authorization: `Bearer ${key}` } : {};
  return fetch(base + path, { method, headers: { ...credentials, ...headers }, redirect: 'manual' });
}

// Any link of the account.
export async function someLinkId(key) {
  const page = await (await ask('/api/v1/links?limit=1', { key })).json();
  return page.links[0].id;
}
