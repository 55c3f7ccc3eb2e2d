import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { permissionsOf, subjectsOf } from '@mailslot/nats';
import { inRepo } from '../support/repo.js';

const page = readFileSync(inRepo('docs/wire/nats.md'), 'utf8');
const [, section = ''] = page.split('\n## 9. ');

/** Kind, name and token of each line of the page's table. */
const tokens = Array.from(section.matchAll(/^\| (\w+) \| `(.+?)` \| `(.+?)` \|$/gm), ([, ...cells]) => cells);

test('the tokens follow from the rules of the page', () => {
  assert.equal(tokens.length, 6);
  for (const [kind, name, token] of tokens) {
    const hash = createHash('sha256').update(`mailslot nats ${kind}\0${name}`).digest();
    assert.equal(hash.subarray(0, 15).toString('base64url'), token);
  }
});

test('the subjects of the page are those of our code', () => {
  const said = Array.from(section.matchAll(/^.* (ms\.\S+)$/gm), ([, subject]) => subject);
  const { toDomain, toComputer, heard } = subjectsOf('Office', 'Alpha');
  assert.deepEqual(said, [toDomain('alerts'), toComputer('Beta', 'app/events'), ...heard('alerts')]);
  for (const subject of [said[0]!, said[1]!]) assert.equal(subject.length, 86);
});

test('the permissions of the page are those of our code', () => {
  const token = (kind: string, name: string): string =>
    tokens.find((cells) => cells[0] === kind && cells[1] === name)![2]!;
  const [domain, own] = [token('domain', 'OFFICE'), token('computer', 'ALPHA')];
  const filled = Array.from(page.matchAll(/\| `(ms\.[A-Z.*]+)` \|$/gm), ([, pattern]) =>
    pattern!.replaceAll('DOMAIN', domain).replace('OWN', own),
  );
  const { publish, subscribe } = permissionsOf('office', 'ALPHA');
  assert.deepEqual(filled, [...publish, ...subscribe]);
});
