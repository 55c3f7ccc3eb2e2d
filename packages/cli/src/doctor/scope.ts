import type { RedirectorStatus } from 'mailslot';
import type { Config, LanSettings } from 'mailslot/domains';
import { kindOfInterface } from '../network/interfaces.js';
import type { PortRange, UsedPorts } from './packets.js';

const PORT = 48_783;
const UNICAST_PORT = 48_800;
const UNICAST_PORTS = 16;

type LanStatus = NonNullable<RedirectorStatus['domains'][number]['lan']>;

/** What of the LAN this computer uses, as far as that is known. */
export interface Scope {
  /** Whether any domain speaks on a LAN, or would. */
  readonly usesLan: boolean;
  /** Interfaces that the configuration restricts itself to, by name or address; `undefined`: all. */
  readonly chosen: readonly string[] | undefined;
  /** Interfaces by which messages may come, by name or address; `undefined`: all. */
  readonly used: readonly string[] | undefined;
  readonly ports: UsedPorts;
}

/** By one's own configuration, and what the redirector has open. */
export function scopeOf(config: Config | undefined, status: RedirectorStatus | undefined): Scope {
  const domains = config?.domains ?? [];
  const running = lansOf(status);
  const chosen = chosenBy(config);
  const usesLan = domains.length === 0 || domains.some(({ lan }) => lan !== false);
  return { usesLan, chosen, used: chosen ?? usedBy(running), ports: usedPorts(settingsOf(config), running) };
}

/** In another user's root that user's configuration counts, of which only the redirector tells: no more than it uses. */
export function foreignScope(status: RedirectorStatus | undefined): Scope {
  const running = lansOf(status);
  const used = running.flatMap(({ ways }) => ways.map((way) => way.interface));
  return { usesLan: running.length > 0, chosen: used, used, ports: usedPorts([], running) };
}

/** The range that goes with the default where somebody runs by it, and what else is open. */
function usedPorts(settings: readonly LanSettings[], running: readonly LanStatus[]): UsedPorts {
  const firsts = settings.map(({ unicastPort }) => unicastPort ?? UNICAST_PORT);
  const ranges = [...new Set(firsts)].map(
    (first): PortRange => (first === 0 ? [1_024, 0xffff] : [first, first + UNICAST_PORTS - 1]),
  );
  const open = new Set(running.flatMap(({ ways }) => ways.map(({ port }) => port)));
  const others = [...open].filter((port) => !ranges.some(([first, last]) => port >= first && port <= last));
  const groups = [
    ...settings.map(({ port }) => port ?? PORT),
    ...running.flatMap((lan) => lan.groups.map(({ port }) => port)),
  ];
  return {
    groups: [...new Set(groups)],
    own: [...ranges, ...others.map((port): PortRange => [port, port])],
  };
}

function usedBy(running: readonly LanStatus[]): readonly string[] | undefined {
  const names = running.flatMap(({ ways }) => ways.map((way) => way.interface));
  const leading = names.filter((name) => ['lan', 'vpn'].includes(kindOfInterface(name)));
  return leading.length > 0 ? leading : undefined;
}

/** `undefined` where a domain uses all interfaces. */
function chosenBy(config: Config | undefined): readonly string[] | undefined {
  const lists = (config?.domains ?? []).flatMap(({ lan }) => lan || []).map(({ interfaces }) => interfaces);
  return lists.length === 0 || lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}

function settingsOf(config: Config | undefined): readonly LanSettings[] {
  const lans = (config?.domains ?? []).flatMap(({ lan }) => lan || []);
  return lans.length > 0 ? lans : [{}];
}

function lansOf(status: RedirectorStatus | undefined): LanStatus[] {
  return (status?.domains ?? []).flatMap(({ lan }) => lan ?? []);
}
