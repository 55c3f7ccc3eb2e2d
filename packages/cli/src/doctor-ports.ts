import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A UDP socket of this computer. */
export interface UdpSocket {
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

/**
 * The sockets in the text of /proc/net/udp or udp6:
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode …
 *     12: 00000000:BE8F 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 31337 …
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
  const sockets = ['/proc/net/udp', '/proc/net/udp6'].flatMap((path) => {
    const text = read(path);
    return text === undefined ? [] : [udpSockets(text)];
  });
  if (sockets.length === 0) return undefined;
  const ours = sockets.flat().filter((socket) => socket.port === port);
  const holders = holdersOf(new Set(ours.map(({ inode }) => `socket:[${inode}]`)));
  const owners = ours.map(({ uid, inode }) => {
    const pid = holders.get(`socket:[${inode}]`);
    return { uid, pid, command: pid === undefined ? undefined : read(`/proc/${pid}/comm`)?.trim() };
  });
  // A redirector has one socket for each family.
  return owners.filter(({ uid, pid }, at) => owners.findIndex((o) => o.uid === uid && o.pid === pid) === at);
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
