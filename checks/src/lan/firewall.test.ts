import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { onLinux } from '../faults/support/platform.js';
import { proof } from '../faults/support/proof.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import { Network } from './support/network.js';
import { type Host, joinDomain, newKey, own, sentinel, start, texts, untilSees } from './support/office.js';

/** Closed by what a rule says, though the chain's policy is to accept; and by the policy. */
const RULESETS = {
  rule: `table inet house { chain in { type filter hook input priority 0; policy accept;
    iif lo accept; ct state established,related accept; meta l4proto udp drop;
    }
  }`,
  policy: `table ip house { chain in { type filter hook input priority 0; policy drop; iif lo accept;
    }
  }`,
} as const;

for (const [by, ruleset] of Object.entries(RULESETS)) {
  proof(
    `a firewall that is closed by its ${by} is seen by doctor, whose command opens it for what is sent to all and to one`,
    async (at) => {
      const network = new Network(at, { hosts: ['ALPHA', 'BRAVO'], families: ['IPv4'] });
      const line = newKey(network, 'ALPHA', 'OFFICE');
      joinDomain(network, 'BRAVO', line);
      inHost(network, 'nft', ruleset);
      const hosts = (await Promise.all(['ALPHA', 'BRAVO'].map((host) => start(network, host)))) as [
        Host,
        Host,
      ];
      const [alpha, bravo] = hosts;

      const { next } = firewallFinding(network);
      assert.match(next, /^sudo nft 'insert rule .* house in udp dport \{ 48783, 48800-48815 \} accept'$/);
      inHost(network, 'sh', '-c', next.replaceAll('sudo ', ''));

      await untilSees(bravo, 2);
      assert.equal(firewallFinding(network).ok, true);
      const client = await alpha.program.ask('open', '//BRAVO/mailslot/alerts');
      await alpha.program.ask('post', client, ['to one']);
      await sentinel(alpha, hosts);
      assert.ok(own(await texts(bravo)).includes('to one'));
      return { next };
    },
    onLinux,
    needs('root', 'ip', 'nft'),
  );
}

/** Runs a program on BRAVO; a ruleset for nft goes in by its input. */
function inHost(network: Network, program: string, ...args: readonly string[]): string {
  const [through = '', ...before] = network.on('BRAVO');
  const isRuleset = program === 'nft';
  const words = isRuleset ? ['nft', '-f', '-'] : [program, ...args];
  const input = isRuleset ? args[0] : '';
  const { status, stdout, stderr } = spawnSync(through, [...before, ...words], {
    input,
    encoding: 'utf8',
    env: network.env('BRAVO'),
  });
  // Doctor's own is 1 where something is wrong.
  assert.ok(status === 0 || words.includes('doctor'), stderr);
  return stdout;
}

function firewallFinding(network: Network): { ok: boolean; next: string } {
  const program = inRepo('packages/cli/bin/mailslot.cjs');
  const lines = inHost(network, process.execPath, program, 'doctor', '--json').trim().split('\n');
  const found = lines.map((line) => JSON.parse(line)).find(({ check }) => check === 'firewall');
  assert.ok(found !== undefined, lines.join('\n'));
  return found;
}
