import type { Datagram } from 'mailslot/testing';

/** Of messages that were numbered together. */
interface Span {
  first: number;
  last: number;
  count: number;
}

/** To this computer, and to its domain. */
interface Spans {
  readonly computer: Span;
  readonly domain: Span;
}

/** What one process should count as lost on the way: of what each instance numbered, all between first and last. */
export class GapCount {
  /** Whether the model cannot tell any more what was noted. */
  isVague = false;
  private readonly heard = new Map<string, Map<string, Spans>>();

  note(windows: string, { identity, to, sequence }: Datagram): void {
    let instances = this.heard.get(windows);
    if (instances === undefined) {
      instances = new Map();
      this.heard.set(windows, instances);
    }
    let spans = instances.get(identity.instance);
    if (spans === undefined) {
      spans = {
        computer: { first: sequence, last: 0, count: 0 },
        domain: { first: sequence, last: 0, count: 0 },
      };
      instances.set(identity.instance, spans);
    }
    const span = spans[to.kind];
    span.first = span.count === 0 ? sequence : Math.min(span.first, sequence);
    span.last = Math.max(span.last, sequence);
    span.count += 1;
  }

  get missing(): number {
    const all = Array.from(this.heard.values()).flatMap((instances) => [...instances.values()]);
    return all.reduce((sum, { computer, domain }) => sum + missingIn(computer) + missingIn(domain), 0);
  }
}

function missingIn({ first, last, count }: Span): number {
  return count === 0 ? 0 : last - first + 1 - count;
}
