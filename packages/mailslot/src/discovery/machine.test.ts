import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { machineIdentity } from './machine.js';

test('a machine is the same in every process of it', () => {
  const module = new URL('./machine.js', import.meta.url).href;
  const script = `import { machineIdentity } from '${module}'; process.stdout.write(machineIdentity())`;
  const other = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.match(machineIdentity(), /^[0-9a-f]{16}$/);
  assert.equal(other, machineIdentity());
});
