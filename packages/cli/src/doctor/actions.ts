import { networkInterfaces } from 'node:os';
import {
  type ComputerEntry,
  callRedirector,
  MailslotError,
  type ProbeAnswer,
  type RedirectorStatus,
} from 'mailslot';
import type { Interfaces } from '../network/interfaces.js';
import { strangeOwner } from '../network/strange-root.js';
import { jsonLine } from '../terminal/escape.js';
import { print } from '../terminal/output.js';
import type { Overflows } from './buffers.js';
import { bad, badByError, type Finding, findingLine, findingRecord, good } from './finding.js';
import { type ClosedFirewall, closedFirewalls, readFirewalls } from './firewall.js';
import { type ConfigReport, configFindings, domainFindings } from './local.js';
import { clockFindings, firewallFindings, interfaceFindings, portFindings } from './network.js';
import { type PortRange, packetsOf } from './packets.js';
import { peerFindings, probeFindings } from './peers.js';
import { overflowsOf, ownersOfPort } from './ports.js';
import { type Context, redirectorFindings } from './redirector.js';
import { rootFindings } from './root.js';
import { foreignScope, type Scope, scopeOf } from './scope.js';

export interface DoctorOptions {
  readonly root?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Prints each finding as soon as it is there; the exit code is 1 if one is bad. */
export async function doctor(options: DoctorOptions): Promise<void> {
  for await (const finding of examine(options)) {
    await print(options.json ? jsonLine(findingRecord(finding)) : findingLine(finding));
    if (!finding.ok) process.exitCode = 1;
  }
}

/** In a root of another user the redirector tells what its configuration says. */
const NOT_OURS: ConfigReport = { config: undefined, findings: [] };

/** Looks at everything, from the inside to the outside. */
async function* examine({ root, config: path }: DoctorOptions): AsyncGenerator<Finding> {
  yield* await rootFindings(root);
  const owner = strangeOwner(root);
  const { config, findings } = owner === undefined ? configFindings(path) : NOT_OURS;
  yield* findings;
  const clock = clockFindings(Date.now());
  yield* clock;
  // By a clock of our own that cannot be right, nobody else's is judged.
  const isFair = ({ check }: Finding): boolean => clock.length === 0 || check !== 'clock';
  const early = owner === undefined ? undefined : await askRedirector(root, owner);
  const scope = owner === undefined ? scopeOf(config, undefined) : foreignScope(early?.status);
  const interfaces = networkInterfaces();
  if (scope.usesLan) {
    yield* interfaceFindings(interfaces, scope.chosen);
    if (config?.domains.length !== 0)
      for (const port of scope.ports.groups) yield* portFindings(port, ownersOfPort(port));
  }
  const report = early ?? (await askRedirector(root, owner));
  yield* report.findings;
  const { status, hasPeers } = report;
  if (status !== undefined && owner !== undefined) yield* domainFindings(status, owner);
  const seen = owner === undefined ? scopeOf(config, status) : scope;
  const wall = seen.usesLan ? await examineFirewalls(interfaces, seen) : undefined;
  if (status !== undefined) {
    const around = contextOf(report, status, wall, clock.length === 0);
    yield* redirectorFindings(status, config, around).filter(isFair);
  }
  if (wall !== undefined) yield* firewallFindings(wall.firewalls, wall.ports, wall.unread, hasPeers);
  if (status === undefined || status.domains.length === 0) return;
  yield* peerFindings(report.computers, status.computer, Date.now());
  yield* probeFindings(report.computers, report.answers, status.instance).filter(isFair);
}

function contextOf(
  { hasPeers, answers }: RedirectorReport,
  { pid }: RedirectorStatus,
  wall: FirewallReport | undefined,
  isClockRight: boolean,
): Context {
  const closed = (wall?.firewalls ?? []).flatMap(({ name, refused }) => (refused === undefined ? [] : name));
  const answered = answers.filter(({ via }) => via === 'lan').map(({ instance }) => instance);
  const overflows: Overflows = ({ groups, ways }) =>
    overflowsOf([...new Set([...groups, ...ways].map(({ port }) => port))], pid);
  return { hasPeers, overflows, isClockRight, closed, answered: new Set(answered) };
}

interface FirewallReport {
  readonly firewalls: readonly ClosedFirewall[];
  readonly ports: readonly PortRange[];
  readonly unread: string | undefined;
}

async function examineFirewalls(interfaces: Interfaces, { used, ports }: Scope): Promise<FirewallReport> {
  const texts = await readFirewalls();
  const ranges = [...ports.groups.map((port): PortRange => [port, port]), ...ports.own];
  const firewalls = closedFirewalls(texts, packetsOf(interfaces, used, ports));
  return { firewalls, ports: ranges, unread: texts.unread };
}

interface RedirectorReport {
  readonly findings: readonly Finding[];
  readonly status: RedirectorStatus | undefined;
  readonly computers: readonly ComputerEntry[];
  readonly answers: readonly ProbeAnswer[];
  /** Whether any other computer was heard. */
  readonly hasPeers: boolean;
}

const NO_REPORT: RedirectorReport = {
  findings: [],
  status: undefined,
  computers: [],
  answers: [],
  hasPeers: false,
};

async function askRedirector(root: string | undefined, owner: number | undefined): Promise<RedirectorReport> {
  try {
    const answers = await all<ProbeAnswer>(callRedirector({ do: 'probe' }, { root }));
    // The status shows what the probe found out.
    const [status] = await all<RedirectorStatus>(callRedirector({ do: 'status' }, { root }));
    const computers = await all<ComputerEntry>(callRedirector({ do: 'computers' }, { root }));
    const hasPeers = (status?.statistics.peers ?? 0) > 0 || answers.length > 0;
    return { findings: [], status, computers, answers, hasPeers };
  } catch (error) {
    if (!(error instanceof MailslotError)) throw error;
    return { ...NO_REPORT, findings: [withoutRedirector(error, owner)] };
  }
}

/** What to do with a redirector that does not answer; Windows has no command that lets a process go on. */
export function wakeRemedy(platform: NodeJS.Platform): string {
  const again = 'and another one starts on need, or by "mailslot serve"';
  return platform === 'win32'
    ? `look at it ("tasklist /fi "imagename eq node.exe""): end it with "taskkill /f /pid" and its process id, ${again}`
    : 'look at it ("ps -ef | grep mailslot"): where it is stopped, "kill -CONT" with its process id wakes it; or end it ' +
        `with "kill -9", ${again}`;
}

/** That none runs is as it should be where one may be started. */
function withoutRedirector(error: MailslotError, owner: number | undefined): Finding {
  if (error.code === 'ERR_MAILSLOT_TIMEOUT')
    return bad('redirector', error.message, wakeRemedy(process.platform));
  if (error.code !== 'ERR_MAILSLOT_NOT_FOUND') return badByError('redirector', error);
  if (owner !== undefined) {
    return bad(
      'redirector',
      `none runs, and it is for uid ${owner} to start, who owns the root`,
      'have that user run "mailslot serve" (systemd: "systemctl start mailslot"), or set MAILSLOT_ROOT to a folder of yours',
    );
  }
  if (process.env['MAILSLOT_AUTOSTART'] === '0') {
    return bad(
      'redirector',
      'none runs, and MAILSLOT_AUTOSTART=0 forbids to start one',
      'run "mailslot serve"',
    );
  }
  return {
    ...good('redirector', 'none runs: one is started on first need'),
    next: 'run "mailslot computers", which needs one, and then this again: it tells more',
  };
}

async function all<T>(lines: AsyncIterable<Record<string, unknown>>): Promise<T[]> {
  const list: T[] = [];
  for await (const line of lines) list.push(line as T);
  return list;
}
