import assert from 'node:assert/strict';
import { MailslotError } from 'mailslot';
import { encodeLine, errorLine, PrefaceParser } from '../../../packages/mailslot/dist/msfs/wire/preface.js';
import { decodeSender, encodeSender } from '../../../packages/mailslot/dist/msfs/wire/sender.js';
import { bytesOf, type Dice, pick } from './dice.js';
import { jsonOf, spoiled } from './json.js';
import { mutated } from './mutate.js';
import { decoded, type Target } from './target.js';

/** What is said on the redirector's socket before, and beside, frames. */
export const lines: readonly Target[] = [
  {
    name: 'preface',
    share: 3,
    make: (dice) => mutated(Buffer.concat([Buffer.from(lineOf(dice)), bytesOf(dice, dice(40))]), dice),
    check(input, dice) {
      const whole = restOf([input]);
      const most = 1 + Math.max(30, input.length >> 5);
      const cuts: Buffer[] = [];
      for (let at = 0; at < input.length; at += (cuts.at(-1) as Buffer).length) {
        cuts.push(input.subarray(at, at + 1 + dice(most)));
      }
      assert.deepEqual(restOf(cuts), whole);
      const end = input.indexOf('\n');
      if (whole instanceof Buffer) assert.deepEqual(whole, input.subarray(end + 1));
      else if (whole === 'waits') assert.equal(end, -1);
    },
  },
  {
    name: 'sender',
    share: 2,
    make: (dice) =>
      mutated(
        Buffer.from(JSON.stringify(dice(2) === 0 ? senderOf(dice) : spoiled(senderOf(dice), dice))),
        dice,
      ),
    check(input) {
      const sender = decoded(() => decodeSender(input));
      if (sender === undefined) return;
      assert.deepEqual(decodeSender(encodeSender(sender)), sender);
      const { via, authenticated, pid, computer, domain } = sender;
      assert.deepEqual([typeof via, typeof authenticated, pid], ['string', 'boolean', 0]);
      assert.deepEqual([typeof computer, typeof domain], ['string', 'string']);
    },
  },
];

/** What came behind the line, or that it is not complete, or was refused. */
function restOf(pieces: readonly Buffer[]): Buffer | 'waits' | 'refused' {
  const parser = new PrefaceParser();
  const rest: Buffer[] = [];
  for (const piece of pieces) {
    const passed = decoded(() => ({ bytes: parser.take(piece) }));
    if (passed === undefined) return 'refused';
    if (passed.bytes !== undefined) rest.push(passed.bytes);
  }
  return rest.length === 0 ? 'waits' : Buffer.concat(rest);
}

function lineOf(dice: Dice): string {
  switch (dice(6)) {
    case 0:
      return encodeLine({ ok: true });
    case 1:
      return encodeLine({ do: 'attach', slot: 'app/events', remote: 'domain' });
    case 2:
      return errorLine(new MailslotError('ERR_MAILSLOT_NOT_FOUND', 'is not there'));
    case 3:
      return encodeLine({ error: { code: jsonOf(dice), message: jsonOf(dice) } });
    case 4:
      return encodeLine({ error: jsonOf(dice), ok: jsonOf(dice) });
    default:
      return dice(20) === 0 ? encodeLine({ ok: 'x'.repeat(131_040 + dice(40)) }) : encodeLine([jsonOf(dice)]);
  }
}

function senderOf(dice: Dice): object {
  return {
    via: pick(dice, ['lan', 'loop', 'nats']),
    authenticated: dice(2) === 0,
    computer: pick(dice, ['ALPHA', 'Zoë', '漢字']),
    domain: 'OFFICE',
  };
}
