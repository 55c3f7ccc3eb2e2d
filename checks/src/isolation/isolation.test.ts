import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeScene } from '../harness/scene.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import { Card } from './card.js';
import { allFiles, SHORT } from './files.js';

for (const file of SHORT) {
  test(`${file} sends nothing by a network card`, needs('ip', 'root'), async (t) => {
    const { scene, clear } = makeScene();
    t.after(clear);
    const { code, sent, stdout } = new Card(scene).run(file);
    assert.equal(sent, 0, 'packets left by the card');
    assert.equal(code, 0, stdout);
  });
}

test('what is sent by a card is seen', needs('ip', 'root'), async (t) => {
  const { scene, clear } = makeScene();
  t.after(clear);
  const card = new Card(scene);
  assert.equal(card.sent, 0);
  const speaks = `import { createSocket } from 'node:dgram';
const socket = createSocket('udp4').bind(0, () => socket.send('x', 5555, '239.255.1.1', () => socket.close()));`;
  const file = join(scene.folder(), 'speaks.mjs');
  writeFileSync(file, speaks);
  const { sent } = card.run(file);
  assert.ok(sent > 0);
});

test('the files that are run are there, and all of them are found', () => {
  for (const file of SHORT) assert.ok(existsSync(inRepo(file)), file);
  for (const file of SHORT) assert.ok(allFiles().includes(file), file);
});
