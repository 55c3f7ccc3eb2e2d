import { MAX_HANDOVERS, ROSTER_OVER_MS } from '../limits.js';

/** The roster as it comes in, in parts, perhaps from two members at once. */
export class HandedRoster {
  private readonly from = new Map<string, { readonly parts: number; readonly here: Set<number> }>();
  private isWhole = false;
  private lastPartAt = Number.NEGATIVE_INFINITY;

  /** Forgets what came: it is to be handed over anew. */
  begin(): void {
    this.from.clear();
    this.isWhole = false;
    this.lastPartAt = Number.NEGATIVE_INFINITY;
  }

  take(member: string, part: number, parts: number, now: number): void {
    if (this.isWhole) return;
    this.lastPartAt = now;
    const known = this.from.get(member);
    if (!known && this.from.size >= MAX_HANDOVERS) return;
    // Another number of parts is another roster.
    const here = known?.parts === parts ? known.here : new Set<number>();
    here.add(part);
    this.from.set(member, { parts, here });
    if (here.size < parts) return;
    this.isWhole = true;
    this.from.clear();
  }

  /** Whether it is to be asked for, once more: it is not complete, and no part of it is on its way. */
  isWanted(now: number): boolean {
    return !this.isWhole && now - this.lastPartAt > ROSTER_OVER_MS;
  }
}
