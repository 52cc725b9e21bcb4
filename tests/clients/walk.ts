// A client as openapi-typescript and openapi-fetch make it: compiles under --strict, walks all pages, and takes a link
// through its life: made, changed, found, followed in the events, in a bulk, as a file, deleted.
import createClient from 'openapi-fetch';
import type { components, paths } from './quietleaks.js';

type Link = components['schemas']['Link'];
type Problem = components['schemas']['Problem'];

const clientFor = (key: string | undefined) => createClient<paths>({
  baseUrl: process.env.QL_BASE_URL,
  headers: { Authorization: `Bearer ${key}` },
  querySerializer: { array: { style: 'form', explode: false } },  // types do not tell it: status=healthy,slow
});
const demo = clientFor(process.env.QL_API_KEY);
const client = clientFor(process.env.QL_OWN_KEY);

function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

// What a call brought, unless it was refused.
function good<T>({ data, error }: { data?: T; error?: Problem }): NonNullable<T> {
  if (error) throw new Error(`${error.code}: ${error.detail}`);
  return data!;
}

async function allLinks(): Promise<Link[]> {
  const links: Link[] = [];
  for (let more = true; more; ) {
    const page = good(await demo.GET('/api/v1/links', { params: { query: { limit: 30, offset: links.length } } }));
    links.push(...page.links);
    more = page.has_more;
    expect(more || links.length === page.total, `${links.length} links of ${page.total}`);
  }
  return links;
}

const links = await allLinks();
const example = links.find((link) => link.label === 'Best USB Microphone 2026');
expect(example !== undefined, "the reference's example is not among the links");
const same = good(await demo.GET('/api/v1/links/{id}', { params: { path: { id: example.id } } }));
expect(JSON.stringify(same) === JSON.stringify(example), 'the link differs from its line in the list');

const { error, response } = await demo.GET('/api/v1/links/{id}', { params: { path: { id: 'none' } } });
expect(response.status === 404 && error?.code === 'not_found', 'an unknown link is not a typed 404');

const url = 'https://shop.example/desk';
const body = { url, label: 'Standing desk', tags: ['office'] };
const header = { 'Idempotency-Key': `walk-${Date.now()}` };
const created = await client.POST('/api/v1/links', { body, params: { header } });
const made = good(created);
const again = await client.POST('/api/v1/links', { body, params: { header } });
expect(again.response.headers.get('idempotency-replayed') === 'true' && good(again).id === made.id, 'made twice');

const path = { id: made.id };
const etag = created.response.headers.get('etag')!;
const changed = good(await client.PATCH('/api/v1/links/{id}', {
  params: { path, header: { 'If-Match': etag } }, body: { label: 'Oak desk', program: 'Shop', fallback_url: null },
}));
expect(changed.label === 'Oak desk' && changed.program === 'Shop' && changed.failure_mode === null, 'not changed');
const stale = await client.PATCH('/api/v1/links/{id}', { params: { path, header: { 'If-Match': etag } }, body: { label: 'x' } });
expect(stale.error?.code === 'precondition_failed', 'an edit over an edit');

const bulk = good(await client.POST('/api/v1/links/bulk', {
  body: { links: [{ url, label: 'Lamp' }, { action: 'update', id: made.id, tags: ['office', 'oak'] }, { url: 'no address' }] },
}));
expect(bulk.succeeded === 2 && bulk.results[2]?.error?.errors?.[0]?.pointer === '/links/2/url', 'the bulk');
const lamp = bulk.results[0]?.link;
expect(lamp?.label === 'Lamp', 'the lamp');

const { events, last_seq } = good(await client.GET('/api/v1/events', { params: { query: { link_id: made.id, sort: 'seq' } } }));
expect(events.map(({ type }) => type).join() === 'link.created,link.updated,link.updated', 'the events');
expect(events[1]?.changes.label?.to === 'Oak desk' && events[1].actor.type === 'api_key', 'who did what');

const trial = good(await client.POST('/api/v1/links/import', {
  params: { query: { dry_run: true } }, headers: { 'Content-Type': 'text/csv' },
  body: 'label,url,program\nChair,https://shop.example/chair,\n,no address,\n', bodySerializer: (text: string) => text,
}));
expect(trial.imported === 1 && trial.errors[0]?.line === 3, 'the import');
const file = good(await client.GET('/api/v1/links/export', { parseAs: 'text' }));
expect(file.startsWith('label,url,program,slug,tags,created_at,fallback_url,') && file.includes('office;oak'), 'the export');

const removed = await client.DELETE('/api/v1/links/{id}', { params: { path } });
expect(removed.response.status === 204, 'not deleted');
good(await client.DELETE('/api/v1/links/{id}', { params: { path: { id: lamp.id } } }) as { error?: Problem; data?: unknown });
const news = good(await client.GET('/api/v1/events', { params: { query: { after: last_seq, sort: 'seq' } } }));
expect(news.events.length === 2 && news.events.every(({ type }) => type === 'link.deleted'), 'what came after');

const found = good(await demo.GET('/api/v1/links', {
  params: { query: { q: 'usb mic', status: ['healthy', 'slow', 'broken', 'redirected'], sort: '-clicks_30d', created_after: '2020-01-01T00:00:00Z' } },
}));
expect(found.total_exact === true && found.links.some(({ id }) => id === example.id) && found.total < links.length, 'the filters');

const clicks: number = links.reduce((sum, link) => sum + link.clicks_30d, 0);
console.log(`${links.length} links, ${clicks} clicks in 30 days`);
