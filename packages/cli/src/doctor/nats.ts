import type { NatsSettings, NatsState, RedirectorStatus } from 'mailslot';
import type { Config } from 'mailslot/domains';
import { MAX_PACKET } from 'mailslot/transports';
import { natsText } from '../network/nats-text.js';
import { bad, type Finding, good } from './finding.js';
import { natsLossFindings } from './nats-losses.js';
import { permissionsRemedy, RAISE_MAX_PAYLOAD } from './nats-remedies.js';

type DomainStatus = RedirectorStatus['domains'][number];

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
    ...natsLossFindings(name, nats, computer),
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
  if (nats.state !== 'connected') return bad('nats', text, REMEDIES[nats.problemCode ?? 'unreachable']);
  const often = nats.reconnects === 0 ? '' : `, lost and found again ${nats.reconnects} times`;
  return good('nats', text + often);
}

const UNREACHED = 'look whether the server runs, and whether its port is open from here ("nc -vz HOST 4222")';

const REMEDIES: Readonly<Record<NonNullable<NatsState['problemCode']>, string>> = {
  settings: 'correct with "mailslot nats use" what it names',
  'name-unknown': 'look for a mistake in its name, and whether names are found here ("getent hosts …")',
  unreachable: UNREACHED,
  lost: UNREACHED,
  'not-let-in':
    'compare what "mailslot nats use" was given with the users in the configuration of the server; its log says more',
  tls: 'name the authority of its certificate: "mailslot nats use … --ca FILE"; a server that asks for yours wants --cert and --key',
  'max-connections': 'raise "max_connections" in the configuration of the server',
  'max-subscriptions':
    'raise "max_subscriptions" in the configuration of the server, or the limit of its account; until then some slots hear ' +
    'nothing: then start the redirector again',
  'max-payload': RAISE_MAX_PAYLOAD,
  server: 'look in the log of the server what it did not like',
};

/** A message that takes longer than this is late for whoever waits for it; at 30 s it is thrown away. */
const SLOW_MS = 1_000;

/** What may be wrong with a server that is reached. */
function serverFindings(name: string, nats: NatsState, mine: NatsSettings | undefined): Finding[] {
  const { maxPayload, rttMs, sealed, tls, keyInUse, problem, problemCode = 'server', server = '' } = nats;
  const findings: Finding[] = [];
  const isSmall = maxPayload !== undefined && maxPayload < MAX_PACKET;
  // Where it takes too little the transport says that as well.
  if (problem !== undefined && problemCode !== 'max-payload') {
    findings.push(bad('nats', `${name}: ${problem}`, REMEDIES[problemCode]));
  }
  if (isSmall) {
    findings.push(
      bad(
        'nats',
        `${name}: the server takes ${maxPayload} bytes at once, and long messages need up to ${MAX_PACKET}`,
        RAISE_MAX_PAYLOAD,
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
    bad('nats', `${name}: the server refuses this computer: ${what}`, permissionsRemedy(computer, name)),
  );
}
