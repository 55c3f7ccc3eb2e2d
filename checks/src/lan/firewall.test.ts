import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Computer } from '../faults/programs/computer.js';
import type { Child } from '../harness/child.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import { Network } from './support/network.js';
import { type Host, joinDomain, newKey, own, sentinel, start, texts, untilSees } from './support/office.js';
import { until } from './support/until.js';

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
      await inHost(network, 'BRAVO', ['nft', '-f', '-'], ruleset);
      const hosts = (await Promise.all(['ALPHA', 'BRAVO'].map((host) => start(network, host)))) as [
        Host,
        Host,
      ];
      const [alpha, bravo] = hosts;

      const { next } = await firewallFinding(network, 'BRAVO');
      assert.match(next, /^sudo nft 'insert rule .* house in udp dport \{ 48783, 48800-48815 \} accept'$/);
      await inHost(network, 'BRAVO', ['sh', '-c', next.replaceAll('sudo ', '')]);

      await untilSees(bravo, 2);
      assert.equal((await firewallFinding(network, 'BRAVO')).ok, true);
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

const CHAIN = 'type filter hook input priority 0; policy accept;';
const EARLY = 'type filter hook prerouting priority -300; policy accept;';

/** Rules of a computer that has been heard: what closes it, in whole or in part, and what does not concern it. */
const REAL: readonly (readonly [set: string, closed: RegExp | undefined])[] = [
  [nft(`chain c { ${CHAIN}; udp dport 48783 drop; }`), /nftables .*48783 by IPv4 on eth0/],
  [nft(`chain c { ${CHAIN}; udp dport 48815 reject; }`), /nftables .*48815/],
  [nft(`chain c { ${EARLY}; udp dport { 1, 48800-48801 } drop; }`), /nftables .*48800-48801/],
  [nft(`chain x { drop; }; chain c { ${CHAIN}; iifname "eth0" jump x; }`), /nftables .*48783, 48800-48815/],
  [
    nft(`set s { type inet_service; elements = { 48783 }; }; chain c { ${CHAIN}; udp dport @s drop; }`),
    /nft/,
  ],
  [nft(`chain c { ${CHAIN}; udp dport vmap { 48783 : drop }; }`), /nftables .*48783/],
  [nft(`chain c { ${CHAIN}; udp dport 53 drop; tcp dport 48783 drop; iifname "eth7" drop; }`), undefined],
  [nft(`chain c { ${CHAIN}; ip saddr 192.0.2.0/24 drop; meta nfproto ipv6 drop; }`), undefined],
  [nft(`chain c { type filter hook output priority 0; policy accept; udp dport 53 drop; }`), undefined],
  ['iptables -A INPUT -p udp -m multiport --dports 53,48810:48812 -j REJECT', /iptables .*48810-48812/],
  ['iptables -t raw -A PREROUTING -p udp --dport 48783 -j DROP', /iptables .*PREROUTING/],
  ['iptables -N X && iptables -A X -j DROP && iptables -A INPUT -i eth+ -p udp -g X', /iptables /],
  ['iptables-legacy -A INPUT -p udp --dport 48783 -j DROP', /iptables-legacy .*48783/],
  ['iptables -A INPUT -p udp --dport 53 -j DROP && ip6tables -A INPUT -p udp -j DROP', undefined],
  ['iptables-legacy -A INPUT -s 192.0.2.0/24 -j DROP', undefined],
];

proof(
  'what a firewall throws away is seen though another computer was heard, each command helps, and no other rule is blamed',
  async (at) => {
    // A computer for each ruleset: doctor mostly waits, and so all of them do at the same time.
    const judged = REAL.map(([set, closed], number) => ({ host: `R${number}`, set, closed }));
    const hosts = judged.map(({ host }) => host);
    const network = new Network(at, { hosts: ['ALPHA', ...hosts], families: ['IPv4'] });
    const line = newKey(network, 'ALPHA', 'OFFICE');
    for (const host of hosts) joinDomain(network, host, line);
    const serve = async (host: string): Promise<Child<Computer>> => {
      const redirector = await network.computer(host);
      await redirector.ask('serve');
      return redirector;
    };
    const [, ...redirectors] = await Promise.all(['ALPHA', ...hosts].map(serve));
    await Promise.all(redirectors.map((redirector) => untilHears(redirector, 'ALPHA')));
    await Promise.all(judged.map((each) => judge(network, each)));
    return { rules: REAL.length };
  },
  onLinux,
  needs('root', 'ip', 'nft', 'iptables'),
);

function nft(table: string): string {
  return `nft 'table inet f { ${table}
}'`;
}

/** Sets rules on a computer: doctor must name what closes it, and then find that its own command opens it. */
async function judge(
  network: Network,
  { host, set, closed }: { host: string; set: string; closed: RegExp | undefined },
): Promise<void> {
  await inHost(network, host, ['sh', '-c', set]);
  const { ok, finding, next } = await firewallFinding(network, host);
  assert.equal(ok, closed === undefined, `${set}: ${finding}`);
  if (closed === undefined) return;
  assert.match(finding, closed, set);
  await inHost(network, host, ['sh', '-c', next.replaceAll('sudo ', '')]);
  assert.equal((await firewallFinding(network, host)).ok, true, `${set}: ${next}`);
}

/** Resolves when a redirector knows that computer to be there. */
function untilHears(redirector: Child<Computer>, name: string): Promise<void> {
  return until(async () => {
    const computers = await redirector.ask('computers');
    return computers.some((each) => each.name === name && each.state === 'here');
  }, name);
}

/** Runs a command on a host; returns what it printed. */
async function inHost(
  network: Network,
  host: string,
  command: readonly string[],
  input: string = '',
): Promise<string> {
  const [through = '', ...before] = network.on(host);
  const child = spawn(through, [...before, ...command], { env: network.env(host) });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command may end before it has read anything; how it ended tells enough.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  // Doctor's own is 1 where something is wrong.
  assert.ok(status === 0 || command.includes('doctor'), `${command.join(' ')}: ${stderr}`);
  return stdout;
}

async function firewallFinding(
  network: Network,
  host: string,
): Promise<{ ok: boolean; finding: string; next: string }> {
  const program = inRepo('packages/cli/bin/mailslot.cjs');
  const printed = await inHost(network, host, [process.execPath, program, 'doctor', '--json']);
  const lines = printed.trim().split('\n');
  const found = lines.map((line) => JSON.parse(line)).find(({ check }) => check === 'firewall');
  assert.ok(found !== undefined, printed);
  return found;
}
