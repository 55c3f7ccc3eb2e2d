import { BEST_WAY_FRESH_MS, BEST_WAY_SLACK_MS, MAX_WAYS_HEARD, WAY_SILENCE_MS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';

/** One instance, and when it was heard by each link, by the clock that never jumps. */
interface Heard {
  /** Its computer, as it was spelled last. */
  name: string;
  readonly computer: string;
  readonly at: number[];
}

/**
 * By which links each instance of a domain was heard, so that what is for one computer goes by the best of them alone.
 *
 * Every announcement goes by all links. So a link that did not bring the latest one, though another did, is cut: the next
 * best is taken until it brings one again. In a large domain announcements are rare: without any word for a while all
 * links are taken.
 */
export class LinksHeard {
  private readonly instances = new Map<string, Heard>();
  private readonly byComputer = new Map<string, Set<Heard>>();

  /** @param link its place among the domain's, the best first */
  note(link: number, instance: string, computer: string, now: number): void {
    const heard = this.heard(instance, computer) ?? this.enter(instance, computer, now);
    if (heard !== undefined) heard.at[link] = now;
  }

  /** The best link to each instance of a computer, or all to one that was not heard just now; none if that was long ago. */
  to(computer: string, now: number): Set<number> {
    const links = new Set<number>();
    for (const { at } of this.byComputer.get(computer) ?? []) {
      const latest = latestOf(at);
      if (now - latest > WAY_SILENCE_MS) continue;
      const isFresh = now - latest <= BEST_WAY_FRESH_MS;
      const best = at.findIndex((each) => each !== undefined && each >= latest - BEST_WAY_SLACK_MS);
      if (isFresh) links.add(best);
      else for (const link of at.keys()) if (at[link] !== undefined) links.add(link);
    }
    return links;
  }

  /** All links by which a computer was heard lately, the best first. */
  all(computer: string, now: number): number[] {
    const links = new Set<number>();
    for (const { at } of this.byComputer.get(computer) ?? []) {
      at.forEach((each, link) => {
        if (now - each <= WAY_SILENCE_MS) links.add(link);
      });
    }
    const best = [...this.to(computer, now)].sort();
    return [...best, ...[...links].filter((link) => !best.includes(link)).sort()];
  }

  /** The links by which each instance was heard lately: those of one computer, or of all. */
  *ofEach(computer: string | undefined, now: number): Generator<number[]> {
    const instances =
      computer === undefined ? this.instances.values() : (this.byComputer.get(computer) ?? []);
    for (const { at } of instances) {
      const links = [...at.keys()].filter(
        (link) => now - (at[link] ?? Number.NEGATIVE_INFINITY) <= WAY_SILENCE_MS,
      );
      if (links.length > 0) yield links;
    }
  }

  /** What is known of an instance; nothing if it was said to be another computer's, which the latest word decides. */
  private heard(instance: string, computer: string): Heard | undefined {
    const known = this.instances.get(instance);
    if (known === undefined || known.name === computer) return known;
    known.name = computer;
    if (known.computer === upperCase(computer)) return known;
    this.forget(instance, known);
    return undefined;
  }

  private enter(instance: string, computer: string, now: number): Heard | undefined {
    if (this.instances.size >= MAX_WAYS_HEARD) this.forgetSilent(now);
    if (this.instances.size >= MAX_WAYS_HEARD) return undefined;
    const heard: Heard = { name: computer, computer: upperCase(computer), at: [] };
    this.instances.set(instance, heard);
    const others = this.byComputer.get(heard.computer);
    if (others) others.add(heard);
    else this.byComputer.set(heard.computer, new Set([heard]));
    return heard;
  }

  private forgetSilent(now: number): void {
    for (const [instance, heard] of this.instances) {
      if (!heard.at.some((each) => now - each <= WAY_SILENCE_MS)) this.forget(instance, heard);
    }
  }

  private forget(instance: string, heard: Heard): void {
    this.instances.delete(instance);
    const others = this.byComputer.get(heard.computer);
    others?.delete(heard);
    if (others?.size === 0) this.byComputer.delete(heard.computer);
  }
}

/** Ways by which an instance was never heard are holes. */
function latestOf(at: readonly number[]): number {
  return at.reduce((latest, each) => Math.max(latest, each), 0);
}
