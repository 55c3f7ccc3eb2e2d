import { hostname } from 'node:os';
import { decision, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { outcomeOf } from '../outcome.js';
import { ERROR } from '../win32.js';
import { NO_NETWORK } from './reasons.js';

/** D12–D15 and what nobody knows of names of computers, on a computer that is in no domain. */
export const documentedRemote: Group = group({
  varies: ['process'],
  cases: {
    D12: notApplicable(
      'client of a domain',
      'WriteFile, 424 and 425 bytes',
      'succeeds; ERROR_BAD_NETPATH',
      NO_NETWORK,
    ),
    D13: notApplicable('client of an unknown computer', 'WriteFile', 'ERROR_BAD_NETPATH', NO_NETWORK),
    D14: notApplicable(
      'client of a computer without that slot',
      'WriteFile',
      'succeeds, and is lost',
      NO_NETWORK,
    ),
    D15: notApplicable(
      'two computers of a domain own `x`',
      'WriteFile `\\\\*\\mailslot\\x` once',
      'one copy each',
      NO_NETWORK,
    ),
  },
  async run(scene, check) {
    const isReached = async (name: string) =>
      (await outcomeOf(scene.open(name))).code !== ERROR.REMOTE_MAILSLOTS_DEPRECATED;
    check.probe('D12', await isReached('//WORKGROUP/mailslot/x'));
    check.probe('D13', await isReached('//no-such-computer/mailslot/x'));
    check.probe('D14', await isReached('//localhost/mailslot/x'));
    // `*` is this computer alone here.
    check.probe('D15', await isReached('//DOMAIN/mailslot/x'));
  },
});

export const remoteDecisions: Group = group({
  varies: ['process'],
  cases: {
    'F-7': decision(
      "does `\\\\NAME\\mailslot\\x` with this computer's own name take the way through the network, with its limits?",
      'Yes: a name with a computer in it is a name of the network, whichever computer it is, and never quietly a local one. Without a domain it is refused with ERROR_REMOTE_MAILSLOTS_DEPRECATED, also when a local slot `x` exists.',
    ),
    'F-8': decision(
      'does a message to `\\\\*\\mailslot\\x` reach the computer that sends it?',
      'Yes, since it is one of the domain. Without a domain it is this computer alone, and a warning says so.',
    ),
    'F-9': decision(
      'how large may a message to one other computer be on a Windows of today: 424 bytes, or more?',
      'As large as the transport takes, some 60 KB on a LAN, and a larger one is refused with the limit in the error, never cut.',
    ),
  },
  async run(scene, check) {
    const server = await scene.create('x');
    const codeFor = async (host: string) => (await outcomeOf(scene.open(`//${host}/mailslot/x`))).code;
    check.is('F-7', await codeFor(hostname()), ERROR.REMOTE_MAILSLOTS_DEPRECATED);
    check.is('F-8', await codeFor('*'), 0);
    check.is('F-9', await codeFor('other'), ERROR.REMOTE_MAILSLOTS_DEPRECATED);
    for (const id of ['F-7', 'F-8', 'F-9'] as const) check.is(id, (await server.info()).messageCount, 0);
  },
});
