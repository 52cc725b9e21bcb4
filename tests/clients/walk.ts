// A client as openapi-typescript and openapi-fetch make it: compiles under --strict, walks all pages, reads each link.
import createClient from 'openapi-fetch';
import type { components, paths } from './quietleaks.js';

type Link = components['schemas']['Link'];

const key = process.env.QL_API_KEY;
const client = createClient<paths>({ baseUrl: process.env.QL_BASE_URL, headers: { Authorization: `Bearer ${key}` } });

async function allLinks(): Promise<Link[]> {
  const links: Link[] = [];
  for (let more = true; more; ) {
    const { data, error } = await client.GET('/api/v1/links', { params: { query: { limit: 30, offset: links.length } } });
    if (error) throw new Error(`${error.code}: ${error.detail}`);
    links.push(...data.links);
    more = data.has_more;
    if (!more && links.length !== data.total) throw new Error(`${links.length} links of ${data.total}`);
  }
  return links;
}

const links = await allLinks();
const example = links.find((link) => link.label === 'Best USB Microphone 2026');
if (!example) throw new Error("the reference's example is not among the links");
const { data } = await client.GET('/api/v1/links/{id}', { params: { path: { id: example.id } } });
if (JSON.stringify(data) !== JSON.stringify(example)) throw new Error('the link differs from its line in the list');

const { error, response } = await client.GET('/api/v1/links/{id}', { params: { path: { id: 'none' } } });
if (response.status !== 404 || error?.code !== 'not_found') throw new Error('an unknown link is not a typed 404');

const clicks: number = links.reduce((sum, link) => sum + link.clicks_30d, 0);
console.log(`${links.length} links, ${clicks} clicks in 30 days`);
