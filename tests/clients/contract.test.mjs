// ajv holds live answers, bodies and headers, against the OpenAPI document that the instance itself serves.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { agencyKey, ask, freeKey, httpBaseUrl, junkKey, otherKey, someLinkId } from './instance.mjs';

const missingId = '00000000-0000-4000-8000-000000000000';
const provoked = new Set();
let document, ajv, linkId;

before(async () => {
  document = await (await ask('/api/v1/openapi.json')).json();
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(document, 'openapi');
  linkId = await someLinkId(agencyKey);
});

const escapePointer = (part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
const at = (pointer) => pointer.slice(2).split('/').reduce(
  (node, part) => node?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')], document);

// Follows references; the pointer to where the thing itself is written.
const resolve = (pointer) => (at(pointer)?.$ref ? resolve(at(pointer).$ref) : pointer);

function validate(pointer, value, what) {
  const check = ajv.compile({ $ref: `openapi${pointer}` });
  assert.ok(check(value), `${what}: ${ajv.errorsText(check.errors)}: ${JSON.stringify(value).slice(0, 500)}`);
}

const typed = (text, schema) => ([schema.type].flat().includes('integer') && /^-?\d+$/.test(text) ? Number(text) : text);

function validateHeaders(response, pointer) {
  for (const name of Object.keys(at(pointer).headers ?? {})) {
    const header = resolve(`${pointer}/headers/${escapePointer(name)}`);
    const text = response.headers.get(name);
    if (text === null) assert.ok(!at(header).required, `header ${name} is missing`);
    else validate(`${header}/schema`, typed(text, at(header).schema), `header ${name}`);
  }
}

async function validateBody(response, pointer) {
  const text = await response.text();
  const content = at(pointer).content;
  if (!content) return assert.equal(text, '', 'a body where none is documented');
  const type = response.headers.get('content-type');
  assert.ok(content[type], `undocumented content type ${type}`);
  const body = JSON.parse(text);
  if (content[type].schema) validate(`${pointer}/content/${escapePointer(type)}/schema`, body, 'body');
  if (response.status >= 400) assert.equal(body.status, response.status);
}

// `as`: the operation whose responses document this answer ('get' also speaks for methods that do not exist).
async function holds(path, status, options = {}, as = (options.method ?? 'GET').toLowerCase()) {
  const template = path.replace(/\?.*/, '').replace(/^(\/api\/v1\/links\/)[^/]+/, '$1{id}');
  const response = await ask(path, options);
  assert.equal(response.status, status, `${path}: ${await response.clone().text()}`);
  const pointer = resolve(`#/paths/${escapePointer(template)}/${as}/responses/${status}`);
  assert.ok(at(pointer), `${as} ${template} does not document ${status}`);
  validateHeaders(response, pointer);
  if (options.method !== 'HEAD') await validateBody(response, pointer);
  provoked.add(`${as} ${template} ${status}`);
  return response;
}

test('the document describes itself as OpenAPI 3.1 and is where it says', async () => {
  assert.match(document.openapi, /^3\.1\./);
  await holds('/api/v1/openapi.json', 200);
  const tag = (await ask('/api/v1/openapi.json')).headers.get('etag');
  assert.equal((await ask('/api/v1/openapi.json', { headers: { 'if-none-match': tag } })).status, 304);
});

for (const method of ['GET', 'HEAD']) {
  test(`${method}: the list, its pages, 304, 400, 401, 403, 404, a link and its clicks`, async () => {
    const with_ = (key, headers) => ({ key, method, headers });
    for (const query of ['', '?limit=1', '?limit=500', '?limit=7&offset=140', '?offset=100000'])
      await holds(`/api/v1/links${query}`, 200, with_(agencyKey));
    const link = `/api/v1/links/${linkId}`;
    for (const path of ['/api/v1/links', link, `${link}/clicks`]) {
      const tag = (await holds(path, 200, with_(agencyKey))).headers.get('etag');
      await holds(path, 304, with_(agencyKey, { 'if-none-match': tag }));
      await holds(path, 401, with_());
      await holds(path, 401, with_(junkKey));
      await holds(path, 403, with_(freeKey));
      await holds(path, 403, { ...with_(agencyKey), base: httpBaseUrl });
    }
    for (const query of ['limit=0', 'limit=x', 'offset=-1', 'limit=1&limit=2', 'a=%ff', 'starting_after=x'])
      await holds(`/api/v1/links?${query}`, 400, with_(agencyKey));
    for (const query of ['interval=day', 'from=2026-01-01&to=2026-12-31', 'to=2020-02-29'])
      await holds(`${link}/clicks?${query}`, 200, with_(agencyKey));
    for (const query of ['interval=hour', 'from=x', 'to=2026-02-30', 'from=2026-01-02&to=2026-01-01', 'to=2026-01-01&to=2026-01-01'])
      await holds(`${link}/clicks?${query}`, 400, with_(agencyKey));
    for (const rest of ['', '/clicks']) {
      for (const id of [missingId, 'none']) await holds(`/api/v1/links/${id}${rest}`, 404, with_(agencyKey));
      await holds(`${link}${rest}`, 404, with_(otherKey));
    }
  });
}

test('other methods: 405 with Allow', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    for (const path of ['/api/v1/links', `/api/v1/links/${linkId}`, `/api/v1/links/${linkId}/clicks`])
      await holds(path, 405, { method, key: agencyKey }, 'get');
});

test('over the limit: 429 with Retry-After', async () => {
  for (let i = 0; i < 120; ++i) await (await ask('/api/v1/links?limit=1', { key: otherKey })).text();
  for (const method of ['GET', 'HEAD'])
    for (const path of ['/api/v1/links', `/api/v1/links/${linkId}`, `/api/v1/links/${linkId}/clicks`])
      await holds(path, 429, { key: otherKey, method });
});

test('every documented status below 500 was seen', () => {
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations))
      for (const status of Object.keys(operation.responses ?? {}))
        if (path !== '/api/v1/openapi.json' && Number(status) < 500 && !(method === 'head' && status === '405'))
          assert.ok(provoked.has(`${method} ${path} ${status}`), `${method} ${path} ${status} was not provoked`);
});
