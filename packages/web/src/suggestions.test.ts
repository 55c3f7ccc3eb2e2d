import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageState } from './api.js';
import { suggestions } from './suggestions.js';

const known = { computers: ['DELTA'], snippet: '', isOwn: false, time: 1, unread: 0, isMore: false };
const here = { domain: 'OFFICE', state: 'here' as const, since: 0, isThis: false };
const state: PageState = {
  computer: 'ALPHA',
  domain: 'OFFICE',
  names: [],
  computers: [
    { ...here, name: 'bravo' },
    { ...here, name: 'GONE', state: 'gone' },
  ],
  conversations: [
    { ...known, name: 'ABRA' },
    { ...known, name: 'BOB' },
  ],
  alerts: [],
  run: '',
  sequence: 0,
};

const names = (typed: string): string =>
  suggestions(state, typed)
    .map(({ name }) => name)
    .join(' ');

test('first what begins so, then what contains it, and what was typed', () => {
  assert.equal(names('br'), 'bravo ABRA br');
  assert.equal(names('bob'), 'BOB');
  assert.equal(names('new'), 'new');
  assert.equal(names('gone'), 'gone');
  assert.equal(names(' '), '* ABRA BOB bravo');
});
