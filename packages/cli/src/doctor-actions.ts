import { networkInterfaces } from 'node:os';
import {
  type ComputerEntry,
  callRedirector,
  type HouseStatus,
  MailslotError,
  type ProbeAnswer,
} from 'mailslot';
import type { Config, LanSettings } from 'mailslot/domains';
import type { Overflows } from './doctor-buffers.js';
import { bad, badByError, type Finding, findingLine, findingRecord, good } from './doctor-finding.js';
import { type ClosedFirewall, closedFirewalls, readFirewalls } from './doctor-firewall.js';
import { type Interfaces, kindOfInterface } from './doctor-interfaces.js';
import { type ConfigReport, configFindings, domainFindings } from './doctor-local.js';
import { clockFindings, firewallFindings, interfaceFindings, portFindings } from './doctor-network.js';
import { type PortRange, packetsOf, type UsedPorts } from './doctor-packets.js';
import { peerFindings, probeFindings } from './doctor-peers.js';
import { overflowsOf, ownersOfPort } from './doctor-ports.js';
import { redirectorFindings } from './doctor-redirector.js';
import { rootFindings } from './doctor-root.js';
import { jsonLine } from './escape.js';
import { print } from './output.js';
import { strangeOwner } from './strange-root.js';

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

const PORT = 48_783;
const UNICAST_PORT = 48_800;
const UNICAST_PORTS = 16;

/** Looks at everything, from the inside to the outside. */
async function* examine({ root, config: path }: DoctorOptions): AsyncGenerator<Finding> {
  yield* await rootFindings(root);
  const owner = strangeOwner(root);
  const { config, findings } = owner === undefined ? configFindings(path) : NOT_OURS;
  yield* findings;
  yield* clockFindings(Date.now());
  const interfaces = networkInterfaces();
  const usesLan =
    config === undefined || config.domains.length === 0 || config.domains.some(({ lan }) => lan);
  if (usesLan) yield* interfaceFindings(interfaces, chosenBy(config));
  for (const port of portsOf(config)) yield* portFindings(port, ownersOfPort(port));
  const report = await askRedirector(root, owner);
  yield* report.findings;
  if (report.status !== undefined && owner !== undefined) yield* domainFindings(report.status, owner);
  const { status, hasPeers } = report;
  const wall = usesLan ? await examineFirewalls(interfaces, config, status) : undefined;
  if (status !== undefined) {
    const overflows: Overflows = ({ groups, ways }) =>
      overflowsOf([...new Set([...groups, ...ways].map(({ port }) => port))], status.pid);
    const closed = (wall?.firewalls ?? []).flatMap(({ name, refused }) =>
      refused === undefined ? [] : name,
    );
    yield* redirectorFindings(status, config, { hasPeers, overflows, closed });
  }
  if (wall !== undefined) yield* firewallFindings(wall.firewalls, wall.ports, wall.unread, hasPeers);
  if (report.status === undefined || report.status.domains.length === 0) return;
  yield* peerFindings(report.computers, report.status.computer, Date.now());
  yield* probeFindings(report.computers, report.answers, report.status.instance);
}

interface FirewallReport {
  readonly firewalls: readonly ClosedFirewall[];
  readonly ports: readonly PortRange[];
  readonly unread: string | undefined;
}

async function examineFirewalls(
  interfaces: Interfaces,
  config: Config | undefined,
  status: HouseStatus | undefined,
): Promise<FirewallReport> {
  const lans = (status?.domains ?? []).flatMap(({ lan }) => lan ?? []);
  const used = usedPorts(config, lans);
  const packets = packetsOf(interfaces, usedInterfaces(config, lans), used);
  const texts = await readFirewalls();
  const ports = [...used.groups.map((port): PortRange => [port, port]), ...used.own];
  return { firewalls: closedFirewalls(texts, packets), ports, unread: texts.unread };
}

interface RedirectorReport {
  readonly findings: readonly Finding[];
  readonly status: HouseStatus | undefined;
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
    const [status] = await all<HouseStatus>(callRedirector({ do: 'status' }, { root }));
    const computers = await all<ComputerEntry>(callRedirector({ do: 'computers' }, { root }));
    const hasPeers = (status?.statistics.peers ?? 0) > 0 || answers.length > 0;
    return { findings: [], status, computers, answers, hasPeers };
  } catch (error) {
    if (!(error instanceof MailslotError)) throw error;
    return { ...NO_REPORT, findings: [withoutRedirector(error, owner)] };
  }
}

/** That none runs is as it should be where one may be started. */
function withoutRedirector(error: MailslotError, owner: number | undefined): Finding {
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

/** `undefined` where a domain uses all interfaces. */
function chosenBy(config: Config | undefined): readonly string[] | undefined {
  const lists = lansOf(config).map(({ interfaces }) => interfaces);
  return lists.length === 0 || lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}

function portsOf(config: Config | undefined): number[] {
  return [...new Set(lansOf(config).map(({ port }) => port ?? PORT))];
}

type LanStatus = NonNullable<HouseStatus['domains'][number]['lan']>;

/** What the redirector uses, and else what the configuration says. */
function usedPorts(config: Config | undefined, running: readonly LanStatus[]): UsedPorts {
  const lans = lansOf(config);
  const used: readonly LanSettings[] = lans.length > 0 ? lans : [{}];
  const isOurs = config !== undefined || running.length === 0;
  const groups = isOurs ? used.map(({ port }) => port ?? PORT) : [];
  const firsts = used.map(({ unicastPort }) => unicastPort ?? UNICAST_PORT);
  const own = new Set(running.flatMap(({ ways }) => ways.map(({ port }) => port)));
  const ranges = [...new Set(firsts)].map(
    (first): PortRange => (first === 0 ? [1_024, 0xffff] : [first, first + UNICAST_PORTS - 1]),
  );
  const others = [...own].filter((port) => !ranges.some(([first, last]) => port >= first && port <= last));
  return {
    groups: [...new Set([...groups, ...running.flatMap((lan) => lan.groups.map(({ port }) => port))])],
    own: [...ranges, ...others.map((port): PortRange => [port, port])],
  };
}

/** By name or address; `undefined`: all. */
function usedInterfaces(
  config: Config | undefined,
  running: readonly LanStatus[],
): readonly string[] | undefined {
  const chosen = chosenBy(config);
  if (chosen !== undefined || running.length === 0) return chosen;
  const names = running.flatMap(({ ways }) => ways.map((way) => way.interface));
  const leading = names.filter((name) => ['lan', 'vpn'].includes(kindOfInterface(name)));
  return leading.length > 0 ? leading : undefined;
}

function lansOf(config: Config | undefined): LanSettings[] {
  return (config?.domains ?? []).flatMap(({ lan }) => lan || []);
}
