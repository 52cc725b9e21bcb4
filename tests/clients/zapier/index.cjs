// A Zapier app as a customer would have it: hears of new links and of links that break or recover, finds
// links, and makes them.
const { version: platformVersion } = require('zapier-platform-core');

const api = async (z, bundle, path, options = {}) =>
  (await z.request({ url: `${bundle.authData.base_url}/api/v1${path}`, ...options })).data;

const text = (key, label, more = {}) => ({ key, label, type: 'string', ...more });

const linkFields = [text('id', 'Id'), text('label', 'Label'), text('url', 'Destination'), text('proxy_url', 'Proxy URL'),
  text('status', 'Status')];

const sampleLink = {
  id: '0199b8a2-7c1e-7d3a-9f42-5b8e6a1c0d37', label: 'Best USB Microphone 2026', url: 'https://shareasale.com/r/product/1234',
  proxy_url: 'https://quietleaks.example/go/abc123', status: 'healthy',
};

const newLink = {
  key: 'new_link',
  noun: 'Link',
  display: { label: 'New Link', description: 'Triggers when a link is made.' },
  operation: {
    type: 'polling',
    perform: async (z, bundle) => (await api(z, bundle, '/links?limit=100')).links,
    sample: sampleLink,
    outputFields: linkFields,
  },
};

const linkStatusChanged = {
  key: 'link_status_changed',
  noun: 'Event',
  display: { label: 'Link Status Changed', description: 'Triggers when a link breaks, recovers, or leads elsewhere.' },
  operation: {
    type: 'polling',
    perform: async (z, bundle) => (await api(z, bundle, '/events?type=link.status_changed&limit=100')).events,
    sample: { id: '0199d0c4-9b1e-7c3a-8f42-5b8e6a1c0d38', type: 'link.status_changed', link: { ...sampleLink, status: 'broken' } },
    outputFields: [text('id', 'Id'), text('link__label', 'Label'), text('changes__status__from', 'Was'), text('changes__status__to', 'Is')],
  },
};

const findLink = {
  key: 'find_link',
  noun: 'Link',
  display: { label: 'Find Link', description: 'Finds a link by a part of its label, destination or slug.' },
  operation: {
    inputFields: [text('text', 'Text', { required: true })],
    perform: async (z, bundle) => (await api(z, bundle, '/links', { params: { q: bundle.inputData.text, limit: 10 } })).links,
    sample: sampleLink,
    outputFields: linkFields,
  },
};

const createLink = {
  key: 'create_link',
  noun: 'Link',
  display: { label: 'Create Link', description: 'Makes a link to an address.' },
  operation: {
    inputFields: [text('url', 'Destination', { required: true }), text('label', 'Label'), text('slug', 'Slug'),
      text('tags', 'Tags', { list: true })],
    perform: (z, bundle) => api(z, bundle, '/links', { method: 'POST', body: bundle.inputData }),
    sample: sampleLink,
    outputFields: linkFields,
  },
};

module.exports = {
  version: '1.0.0',
  platformVersion,
  authentication: {
    type: 'custom',
    fields: [text('base_url', 'Address', { required: true }), text('api_key', 'API key', { required: true })],
    test: (z, bundle) => api(z, bundle, '/links?limit=1'),
  },
  beforeRequest: [(request, z, bundle) => {
    request.headers.Authorization = `Bearer ${bundle.authData.api_key}`;
    return request;
  }],
  triggers: { [newLink.key]: newLink, [linkStatusChanged.key]: linkStatusChanged },
  searches: { [findLink.key]: findLink },
  creates: { [createLink.key]: createLink },
  searchOrCreates: {
    [findLink.key]: {
      key: findLink.key, search: findLink.key, create: createLink.key,
      display: { label: 'Find or Create Link', description: 'Finds a link, or makes it.' },
    },
  },
};
