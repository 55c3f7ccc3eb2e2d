import type { NatsState } from 'mailslot';

/** How a connection to a server stands, in one line. */
export function natsText(nats: NatsState): string {
  const { state, server, serverVersion, tls, sealed, rttMs, problem, servers } = nats;
  if (state !== 'connected')
    return `${servers.join(' ')}: ${state}${problem === undefined ? '' : `, ${problem}`}`;
  const details = [
    `nats-server ${serverVersion ?? '?'}`,
    tls ? 'TLS' : 'no TLS',
    sealed ? 'sealed' : 'not sealed',
    ...(rttMs === undefined ? [] : [`${rttMs.toFixed(1)} ms`]),
  ];
  return `connected to ${server ?? '?'}: ${details.join(', ')}`;
}
