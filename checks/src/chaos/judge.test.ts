import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLocal, judgeRemote, type Served } from './judge.js';
import { acknowledgedLine, closedLine, faultLine, messageText, parseRead, parseWritten } from './record.js';

const QUEUE = 10;
const PID = 7;

function served(end: Served['end'], ...messages: readonly string[]): Served {
  return { pid: PID, end, read: parseRead(messages.map((message) => `${message}\n`).join('')) };
}

const written = (...acknowledged: readonly (readonly [string, number])[]) => [
  parseWritten(acknowledged.map(([connection, count]) => acknowledgedLine(connection, count, PID)).join('')),
];

const complaintsOf = (each: Served, ...acknowledged: readonly (readonly [string, number])[]) =>
  judgeLocal([each], written(...acknowledged), QUEUE).complaints;

test('what was acknowledged and read is in order, and more may have been read', () => {
  assert.deepEqual(complaintsOf(served('drained', 'a:0', 'b:0', 'a:1', 'b:1'), ['a', 2], ['b', 1]), []);
});

test('a message that was acknowledged and not read is missed, also when nothing of its writer was read', () => {
  assert.match(
    complaintsOf(served('drained', 'a:0'), ['a', 2])[0] ?? '',
    /drained, lost 1 .* where 0 may be/,
  );
  assert.match(complaintsOf(served('drained', 'a:0'), ['a', 1], ['b', 3])[0] ?? '', /lost 3/);
});

test('a killed server may lose its queue and the message in its hand, and no more', () => {
  assert.deepEqual(complaintsOf(served('killed', 'a:0'), ['a', QUEUE + 2]), []);
  assert.match(
    complaintsOf(served('killed', 'a:0'), ['a', QUEUE + 3])[0] ?? '',
    /killed, lost 12 .* 11 may be/,
  );
});

test('a server that was closed may lose what it says was unread', () => {
  const closed = served('closed', 'a:0', closedLine(2).trimEnd());
  assert.deepEqual(complaintsOf(closed, ['a', 3]), []);
  assert.equal(complaintsOf(closed, ['a', 4]).length, 1);
});

test('twice, a gap, the wrong order and a message of one connection at two servers are noticed', () => {
  for (const wrong of [
    ['a:0', 'a:0'],
    ['a:0', 'a:2'],
    ['a:1', 'a:0'],
  ])
    assert.ok(complaintsOf(served('killed', ...wrong)).length > 0, wrong.join());
  const two = [served('killed', 'a:0'), { ...served('drained', 'a:0'), pid: 8 }];
  assert.match(judgeLocal(two, [], QUEUE).complaints[0] ?? '', /read by 7 and by 8/);
});

test('what happened to a writer that should not is told', () => {
  const [complaint] = judgeLocal([], [parseWritten(faultLine('EPIPE\nat'))], QUEUE).complaints;
  assert.equal(complaint, 'a writer: EPIPE | at');
});

test('a line that its writer did not finish is none', () => {
  assert.deepEqual(parseRead('a:0\na:1').messages.length, 1);
  assert.equal(parseWritten('a 1 7\na 2').acknowledged.get('a')?.count, 1);
});

test('the number of a long message is in front of it', () => {
  assert.equal(messageText('a', 31, true).split(' ', 1)[0], 'a:31');
});

test('of what went to other computers some may be lost, none may come twice or from nobody', () => {
  const complaints = (...messages: readonly string[]) =>
    judgeRemote([served('killed', ...messages)], written(['a', 5])).complaints;
  assert.deepEqual(complaints('a:0', 'a:3', 'a:5'), []);
  assert.deepEqual(complaints('a:3', 'a:2'), []);
  for (const wrong of [['a:1', 'a:1'], ['a:1', 'a:2', 'a:1'], ['a:6'], ['b:1']])
    assert.equal(complaints(...wrong).length, 1, wrong.join());
  const { acknowledged, read, gone } = judgeRemote([served('killed', 'a:0', 'a:3')], written(['a', 5]));
  assert.deepEqual({ acknowledged, read, gone }, { acknowledged: 5, read: 2, gone: 3 });
});
