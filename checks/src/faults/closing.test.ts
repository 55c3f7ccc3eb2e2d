import assert from 'node:assert/strict';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';

const MS = 2_000;

proof(
  'beside a slot that closes, creating and writing end well or say what is so: never that the system failed',
  async (at) => {
    const agents = await Promise.all(Array.from({ length: 4 }, () => at.agent()));
    const counts = await Promise.all(
      agents.map((agent, nth) => agent.ask('churn', nth < 2 ? 'create' : 'write', 'app', at.root, MS)),
    );
    const allowed = [
      ['done', 'ERR_MAILSLOT_ALREADY_EXISTS'],
      ['done', 'ERR_MAILSLOT_NOT_FOUND', 'ERR_MAILSLOT_CLOSED'],
    ];
    for (const [which, count] of counts.entries()) {
      const others = Object.keys(count).filter((code) => !allowed[which < 2 ? 0 : 1]?.includes(code));
      assert.deepEqual(others, [], JSON.stringify(count));
      assert.ok((count['done'] ?? 0) > 0, JSON.stringify(count));
    }
    return { creating: counts.slice(0, 2), writing: counts.slice(2) };
  },
  onUnix,
);
