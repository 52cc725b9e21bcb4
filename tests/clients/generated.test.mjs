// openapi-typescript makes types from the served document; a client on top of them compiles strictly and works.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { ask, newAccount } from './instance.mjs';

const environment = {};
const run = (program, ...args) => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  } catch (error) {
    assert.fail(`${program} ${args.join(' ')}:\n${error.stdout}\n${error.stderr}`);
  }
};
const tool = (name, ...args) => run(`node_modules/.bin/${name}`, ...args);

before(async () => writeFileSync('openapi.json', await (await ask('/api/v1/openapi.json')).text()));

test('@redocly/cli lint finds nothing in the served document', () => {
  tool('redocly', 'lint', 'openapi.json', '--config', 'redocly.yaml', '--max-problems', '50');
});

test('openapi-typescript and tsc --strict: the generated client compiles, walks all pages, and takes a link through its life', () => {
  tool('openapi-typescript', 'openapi.json', '--output', 'quietleaks.ts');
  tool('tsc', '--strict', '--skipLibCheck', '--noUncheckedIndexedAccess', '--target', 'es2022', '--module', 'nodenext', '--types', 'node',
    '--outDir', 'compiled', 'walk.ts');
  environment.QL_OWN_KEY = newAccount('Walker').key;
  const output = run(process.execPath, 'compiled/walk.js');
  assert.match(output, /^142 links, \d+ clicks/);
});
