import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../../testing/programs.js';
import { scene } from '../../testing/scene.js';

const unit = readFileSync(new URL('../../../systemd/mailslot.service', import.meta.url), 'utf8');

test('systemd has nothing to say against the unit', needs('systemd-analyze'), async (t) => {
  const { other, root } = scene(t);
  const path = join(root, 'mailslot.service');
  const verify = () => other('systemd-analyze', 'verify', '--man=no', path).ended;
  // Whether it is installed is not the question.
  const installed = unit.replace('ExecStart=mailslot', `ExecStart=${process.execPath}`);
  writeFileSync(path, installed);
  const { code, stderr } = await verify();
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  writeFileSync(path, installed.replace('ProtectHome=yes', 'ProtectHouse=yes'));
  assert.match((await verify()).stderr, /ProtectHouse/);
});

test('the unit is published with the program', () => {
  const { files } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  assert.ok(files.includes('systemd'));
});

test('the service sees what the host is called by now', () => {
  assert.doesNotMatch(unit, /^ProtectHostname=/m);
});
