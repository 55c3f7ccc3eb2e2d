import type { HouseStatus, NatsSettings, NatsState } from 'mailslot';
import type { Config } from 'mailslot/domains';
import { MAX_PACKET } from 'mailslot/transports';
import { bad, type Finding, good } from './doctor-finding.js';
import { natsText } from './status-text.js';

type DomainStatus = HouseStatus['domains'][number];

/** How a domain's connection to its NATS servers stands. @param computer this one, as the redirector runs */
export function natsFindings(
  { name, nats }: DomainStatus,
  computer: string,
  config: Config | undefined,
): Finding[] {
  const mine = config?.domains.find((domain) => domain.name === name)?.nats;
  if (nats === undefined) return mine === undefined ? [] : [notTakenOver(name)];
  if (nats.state === 'missing') return [notBrought(name)];
  return [
    connectionFinding(name, nats),
    ...(nats.state === 'connected' ? serverFindings(name, nats, mine) : []),
    ...refusalFindings(name, nats, computer),
    ...lossFindings(name, nats),
  ];
}

function notTakenOver(name: string): Finding {
  return bad(
    'nats',
    `your configuration carries ${name} over NATS, the redirector that runs does not`,
    'end it and start it again; or it runs with another configuration (MAILSLOT_CONFIG, another user, --loopback)',
  );
}

function notBrought(name: string): Finding {
  return bad(
    'nats',
    `${name} is configured for NATS, and the program that started the redirector did not bring it`,
    'end that program, or wait a minute if it was started on first need; then run "mailslot serve", which brings it',
  );
}

function connectionFinding(name: string, nats: NatsState): Finding {
  const text = `${name}: ${natsText(nats)}`;
  if (nats.state !== 'connected') return bad('nats', text, remedyFor(nats.problem ?? ''));
  const often = nats.reconnects === 0 ? '' : `, lost and found again ${nats.reconnects} times`;
  return good('nats', text + often);
}

/** By the words of the server and of Node. */
const REMEDIES: readonly (readonly [words: RegExp, next: string])[] = [
  [
    /authori[sz]ation|authentication|credential|nkey|permission/i,
    'compare what "mailslot nats use" was given with the users in the configuration of the server; its log says more',
  ],
  [
    /certificate|TLS|SSL|self.signed|issuer/i,
    'name the authority of its certificate: "mailslot nats use … --ca FILE"; a server that asks for yours wants --cert and --key',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|getaddrinfo/,
    'look for a mistake in its name, and whether names are found here ("getent hosts …")',
  ],
];

function remedyFor(problem: string): string {
  const known = REMEDIES.find(([words]) => words.test(problem));
  return (
    known?.[1] ?? 'look whether the server runs, and whether its port is open from here ("nc -vz HOST 4222")'
  );
}

/** A message that takes longer than this is late for whoever waits for it; at 30 s it is thrown away. */
const SLOW_MS = 1_000;

/** What may be wrong with a server that is reached. */
function serverFindings(name: string, nats: NatsState, mine: NatsSettings | undefined): Finding[] {
  const { maxPayload, rttMs, sealed, tls, keyInUse, server = '' } = nats;
  const findings: Finding[] = [];
  if (maxPayload !== undefined && maxPayload < MAX_PACKET) {
    findings.push(
      bad(
        'nats',
        `${name}: the server takes ${maxPayload} bytes at once, and long messages need up to ${MAX_PACKET}`,
        'set "max_payload: 1MB", which is the default, in the configuration of the server',
      ),
    );
  }
  if (rttMs !== undefined && rttMs > SLOW_MS) {
    const text = `${name}: the server answers in ${(rttMs / 1000).toFixed(1)} s`;
    findings.push(bad('nats', text, 'look for what is slow on the way, or use a server that is nearer'));
  }
  const isSecretShown = mine?.token !== undefined || mine?.password !== undefined;
  if (isSecretShown && !tls && !/^(localhost|127\.|\[?::1)/.test(server)) {
    const text = `${name}: the token or password goes to the server in clear`;
    findings.push(bad('nats', text, 'use TLS (tls://…), or an nkey or .creds file, which show no secret'));
  }
  if (!sealed) {
    const text = `${name}: not sealed, so the server can read, and only slots with --remote anyone take what comes`;
    findings.push({ ...good('nats', text), next: 'seal it: "mailslot nats use" without --no-seal' });
  }
  if (sealed && keyInUse === undefined) {
    findings.push(
      bad('nats', `${name}: no key is in use, so nothing is sent or heard`, 'run "mailslot key use"'),
    );
  }
  return findings;
}

function refusalFindings(name: string, { refused }: NatsState, computer: string): Finding[] {
  return refused.map((what) =>
    bad(
      'nats',
      `${name}: the server refuses this computer: ${what}`,
      `give its user what "mailslot nats permissions ${computer} --domain ${name}" prints`,
    ),
  );
}

/** Losses that something can be done about. */
function lossFindings(name: string, { sent, received }: NatsState): Finding[] {
  const { forged, foreign } = received.dropped;
  const remedies: readonly (readonly [count: number, finding: string, next: string])[] = [
    [
      sent.unsent,
      'messages were not sent: no server was reached in time',
      'look in the log of the redirector and of the server since when, and why',
    ],
    [
      sent.doubtful,
      'messages had left when the connection was lost, and nobody knows whether they arrived',
      'look in the log of the server why it ended; a cluster of servers loses less',
    ],
    [
      forged,
      'packets came under a false seal, or in the name of another computer than the one that sealed them',
      'give each computer a user of its own, with what "mailslot nats permissions" prints',
    ],
    [
      foreign,
      `packets came that are sealed with a key that is not here`,
      'compare "mailslot key list" on the computers; "mailslot key share" there, "mailslot key install" here',
    ],
  ];
  return remedies
    .filter(([count]) => count > 0)
    .map(([count, finding, next]) => bad('nats', `${name}: ${count} ${finding}`, next));
}
