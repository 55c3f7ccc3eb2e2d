import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearNames } from './near-names.js';

test('what a name was meant to be is told, and nothing that is far from it', () => {
  const known = ['ANNA', 'BOB', 'HANNA', 'NIGHT SHIFT', 'ANNABEL', 'PC7', 'PC8'];
  assert.deepEqual(nearNames('ANNNA', known), ['ANNA', 'HANNA']);
  assert.deepEqual(nearNames('NAAN', known), []);
  assert.deepEqual(nearNames('ANAN', known), ['ANNA']);
  assert.deepEqual(nearNames('BO', known), ['BOB']);
  assert.deepEqual(nearNames('NIGTH SHIFT', known), ['NIGHT SHIFT']);
  assert.deepEqual(nearNames('PC9', known), ['PC7', 'PC8']);
  assert.deepEqual(nearNames('ZOË', known), []);
  assert.deepEqual(nearNames('ANNA', ['ANNA']), []);
});
