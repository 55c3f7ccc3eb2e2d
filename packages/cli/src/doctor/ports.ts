import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A UDP socket of this computer. */
export interface UdpSocket {
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
  /** Packets that the system threw away because the receive buffer was full. */
  readonly overflows: number;
}

/**
 * The sockets in the text of /proc/net/udp or udp6:
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 *     12: 00000000:BE8F 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 31337 2 0000000000000000 0
 */
export function udpSockets(text: string): UdpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 10)
    .map((fields) => ({
      port: Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16),
      uid: Number(fields[7]),
      inode: fields[9] as string,
      overflows: Number(fields[12] ?? 0) || 0,
    }));
}

/** Who has a UDP port open here. */
export interface PortOwner {
  readonly uid: number;
  /** Only root may look into other users' processes. */
  readonly pid: number | undefined;
  readonly command: string | undefined;
}

/** `undefined`: this system does not tell. */
export function ownersOfPort(port: number): PortOwner[] | undefined {
  const ours = socketsOf([port]);
  if (ours === undefined) return undefined;
  const holders = holdersOf(new Set(ours.map(({ inode }) => `socket:[${inode}]`)));
  const owners = ours.map(({ uid, inode }) => {
    const pid = holders.get(`socket:[${inode}]`);
    return { uid, pid, command: pid === undefined ? undefined : read(`/proc/${pid}/comm`)?.trim() };
  });
  // A redirector has one socket for each family.
  return owners.filter(({ uid, pid }, at) => owners.findIndex((o) => o.uid === uid && o.pid === pid) === at);
}

/**
 * Packets to these ports that the system threw away because the receive buffer of this process was full; of every process
 * that has them open, where other users' may not be looked at. `undefined`: this system does not tell.
 */
export function overflowsOf(ports: readonly number[], pid: number): number | undefined {
  const open = socketsOf(ports);
  if (open === undefined) return undefined;
  const holders = holdersOf(new Set(open.map(({ inode }) => `socket:[${inode}]`)));
  const own = open.filter(({ inode }) => holders.get(`socket:[${inode}]`) === pid);
  return (own.length > 0 ? own : open).reduce((sum, { overflows }) => sum + overflows, 0);
}

function socketsOf(ports: readonly number[]): UdpSocket[] | undefined {
  const texts = ['/proc/net/udp', '/proc/net/udp6'].flatMap((path) => read(path) ?? []);
  if (texts.length === 0) return undefined;
  return texts.flatMap(udpSockets).filter(({ port }) => ports.includes(port));
}

/** Which process holds each of these descriptors. */
function holdersOf(links: ReadonlySet<string>): Map<string, number> {
  const holders = new Map<string, number>();
  if (links.size === 0) return holders;
  for (const name of names('/proc').filter((each) => /^\d+$/.test(each))) {
    for (const descriptor of names(`/proc/${name}/fd`)) {
      const link = linkOf(`/proc/${name}/fd/${descriptor}`);
      if (link !== undefined && links.has(link)) holders.set(link, Number(name));
    }
  }
  return holders;
}

// Processes come and go while they are looked at, and some may not be looked at: these are left out.

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
