/** Which computers can reach which. Computers and LANs are given by name, computers by the key of theirs. */
export class Cabling {
  /** The side of a partition that a computer is on; those that are not named are on side 0. */
  private sides = new Map<string, number>();
  /** To whom nothing comes from this computer. */
  private readonly cuts = new Map<string, Set<string>>();
  /** The LANs whose cable is out at this computer. */
  private readonly unplugged = new Map<string, Set<string>>();

  partition(sides: readonly (readonly string[])[]): void {
    this.sides = new Map(sides.flatMap((side, at) => side.map((computer) => [computer, at + 1] as const)));
  }

  cut(from: string, to: string): void {
    add(this.cuts, from, to);
  }

  mend(from: string, to: string): void {
    this.cuts.get(from)?.delete(to);
  }

  unplug(computer: string, lan: string): void {
    add(this.unplugged, computer, lan);
  }

  plug(computer: string, lan: string): void {
    this.unplugged.get(computer)?.delete(lan);
  }

  /** Whether what one computer sends on a LAN comes to another now. A computer always hears itself. */
  connects(from: string, to: string, lan: string): boolean {
    if (from === to) return true;
    if (this.sides.size > 0 && (this.sides.get(from) ?? 0) !== (this.sides.get(to) ?? 0)) return false;
    if (this.cuts.size > 0 && this.cuts.get(from)?.has(to)) return false;
    if (this.unplugged.size === 0) return true;
    return !this.unplugged.get(from)?.has(lan) && !this.unplugged.get(to)?.has(lan);
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}
