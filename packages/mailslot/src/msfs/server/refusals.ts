/** A run of one connection's messages that were refused, by their position among all it sent. */
export interface Refusal {
  readonly first: number;
  count: number;
}

/** Refused messages that the client has not been told of yet; neighbours are one entry. */
export class Refusals {
  private untold: Refusal[] = [];

  add(position: number): void {
    const last = this.untold.at(-1);
    if (last && last.first + last.count === position) last.count += 1;
    else this.untold.push({ first: position, count: 1 });
  }

  /** All of them, to be told now. */
  take(): Refusal[] {
    return this.untold.splice(0);
  }
}
