import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kind, Parser } from '@nats-io/transport-node';
import { array, assert as check, constantFrom, nat, oneof, property, uint8Array } from 'fast-check';
import { VirtualClock } from 'mailslot/testing';
import { MAX_PACKET } from 'mailslot/transports';
import { MAX_SERVER_PAYLOAD, MAX_TOLD_SERVERS, NATS_LINE, UNASKED_LINES } from './limits.js';
import { Sieve } from './sieve.js';
import { ProtocolBreach } from './trouble.js';

const INFO = 'INFO {"version":"2.9.10","max_payload":1048576}\r\n';

function sieve(): { sieve: Sieve; clock: VirtualClock; leftOut: () => number } {
  let leftOut = 0;
  const clock = new VirtualClock();
  const onTooLarge = (): void => {
    leftOut += 1;
  };
  return { sieve: new Sieve({ clock, onTooLarge }), clock, leftOut: () => leftOut };
}

function passed(...chunks: readonly (string | Buffer)[]): string {
  const { sieve: each } = sieve();
  return Buffer.concat(chunks.flatMap((chunk) => each.pass(Buffer.from(chunk)))).toString('latin1');
}

test('what a server sends is handed on as it is', () => {
  const lines = 'PING\r\nPONG\r\n+OK\r\n-ERR \'Permissions Violation for Publish to "x"\'\r\n';
  const messages =
    'MSG a.b 1 5\r\nhello\r\nMSG a.b 1 r.e 0\r\n\r\nHMSG a 2 12 14\r\nNATS/1.0\r\n\r\nhi\r\nMSG\ta 3 2\r\n\r\n\r\n';
  assert.equal(passed(lines + messages), lines + messages);
});

test('it does not matter how it comes in pieces', () => {
  const all = Buffer.from(`${INFO}PING\r\nMSG a 1 5\r\nhello\r\nMSG a 1 ${MAX_PACKET + 1}\r\n`);
  const bytes = Buffer.concat([
    all,
    Buffer.alloc(MAX_PACKET + 1, 'x'),
    Buffer.from('\r\nMSG a 1 2\r\nhi\r\n'),
  ]);
  const whole = passed(bytes);
  assert.ok(whole.endsWith('hello\r\nMSG a 1 2\r\nhi\r\n'));
  for (const size of [1, 2, 3, 7, 100, 65_536]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    assert.equal(passed(...pieces), whole);
  }
});

test('a message that can be no packet is left out and counted, and what follows it is not', () => {
  const { sieve: each, leftOut } = sieve();
  const size = MAX_SERVER_PAYLOAD;
  assert.deepEqual(each.pass(Buffer.from(`MSG a 1 ${size}\r\n`)), []);
  const chunk = Buffer.alloc(2 ** 16, 'MSG a 1 1\r\n');
  for (let left = size; left > 0; left -= chunk.length) assert.deepEqual(each.pass(chunk), []);
  assert.equal(Buffer.concat(each.pass(Buffer.from('\r\nPONG\r\n'))).toString(), 'PONG\r\n');
  assert.equal(leftOut(), 1);
});

test('of an introduction only what is used comes through, of the size that it should have', () => {
  const urls = Array.from({ length: 500 }, (_, index) => `10.0.0.1:${index + 1}`);
  const wrong = [
    '',
    'no port',
    'a b:1',
    '[::1',
    'x:99999',
    'x:0',
    '[nonsense]:1',
    7,
    null,
    `${'x'.repeat(2_000)}:1`,
  ];
  const said = {
    version: '2.9.10',
    max_payload: 2 ** 31,
    evil: 'x',
    nonce: 'n',
    connect_urls: [...wrong, '[::1]:4222', ...urls],
  };
  const info = JSON.parse(passed(`INFO ${JSON.stringify(said)}\r\n`).slice(5)) as Record<string, unknown>;
  assert.equal(info['max_payload'], MAX_SERVER_PAYLOAD);
  assert.equal(info['nonce'], 'n');
  assert.equal(info['evil'], undefined);
  assert.deepEqual(info['connect_urls'], ['[::1]:4222', ...urls].slice(0, MAX_TOLD_SERVERS));
});

const breaches: Readonly<Record<string, string>> = {
  'a line without an end': `MSG ${'x'.repeat(NATS_LINE)}`,
  'a line that is too long': `-ERR ${'x'.repeat(NATS_LINE)}\r\n`,
  'an introduction without end': `INFO {"version":"2.9.10","max_payload":1,"x":"${'x'.repeat(NATS_LINE)}`,
  'a message of 2 GB': 'MSG a 1 2147483648\r\n',
  'headers that are longer than their message': 'HMSG a 1 20 10\r\n',
  'a size that is none': 'MSG a 1 x\r\n',
  'a message to nobody': 'MSG a x 1\r\n',
  'too few words': 'MSG a 1\r\n',
  'too many words': 'MSG a 1 b c 5\r\n',
  'a message that goes on behind its end': 'MSG a 1 2\r\nhixxPING\r\n',
  'an empty line': '\r\n',
  HTTP: 'HTTP/1.1 400 Bad Request\r\n',
  'an introduction that is no JSON': 'INFO {\r\n',
  'an introduction that is a number': 'INFO 1\r\n',
  'an introduction without a version': 'INFO {"max_payload":1}\r\n',
  'an introduction without a limit': 'INFO {"version":"2.9.10","max_payload":"1"}\r\n',
  'introductions without end': INFO.repeat(UNASKED_LINES + 1),
  'questions without end': 'PING\r\n'.repeat(UNASKED_LINES + 1),
};
for (const [what, bytes] of Object.entries(breaches)) {
  test(`breaks the protocol: ${what}`, () => assert.throws(() => passed(bytes), ProtocolBreach));
}

test('who asks now and then may do so for ever', () => {
  const { sieve: each, clock } = sieve();
  for (let second = 0; second < 1_000; second += 1) {
    each.pass(Buffer.from('PING\r\nPING\r\n'));
    clock.advance(1_000);
  }
});

test('whatever comes: the client library reads all that is handed on, and holds no more than a line and a packet', () => {
  const word = constantFrom(
    'INFO',
    'MSG',
    'HMSG',
    'PING',
    'PONG',
    '+OK',
    '-ERR',
    INFO,
    'x',
    'msg',
    ' ',
    '\t',
    '\r\n',
    '\n',
    '\r',
    '0',
    '1',
    '5',
    '99999999',
    "'x'",
    'a.b',
    'MSG a 1 5\r\nhello\r\n',
    'HMSG a 1 2 5\r\nhello\r\n',
    "-ERR 'x'\r\n",
  );
  const piece = oneof(
    word.map((text) => Buffer.from(text)),
    uint8Array({ maxLength: 20 }).map(Buffer.from),
  );
  void check(
    property(array(piece, { maxLength: 40 }), nat(9), (pieces, cut) => {
      const parser = new Parser({
        push(event) {
          if ('kind' in event && event.kind === Kind.INFO) JSON.parse(String(event.data));
        },
      });
      const bytes = Buffer.concat(pieces);
      const { sieve: each } = sieve();
      try {
        for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)])
          for (const part of each.pass(chunk)) parser.parse(part);
      } catch (error) {
        assert.ok(error instanceof ProtocolBreach, String(error));
      }
    }),
    { numRuns: 20_000 },
  );
});
