/** The transports of one domain that are on one LAN now, found by the key of their computer. */
export class Segment<Member extends { readonly computer: string }> {
  readonly lan: string;
  readonly members: Set<Member> = new Set();
  private readonly byComputer = new Map<string, Set<Member>>();

  constructor(lan: string) {
    this.lan = lan;
  }

  join(member: Member): void {
    this.members.add(member);
    const namesakes = this.byComputer.get(member.computer);
    if (namesakes === undefined) this.byComputer.set(member.computer, new Set([member]));
    else namesakes.add(member);
  }

  leave(member: Member): void {
    this.members.delete(member);
    const namesakes = this.byComputer.get(member.computer);
    namesakes?.delete(member);
    if (namesakes?.size === 0) this.byComputer.delete(member.computer);
  }

  /** Every instance of a computer. */
  named(computer: string): Iterable<Member> {
    return this.byComputer.get(computer) ?? [];
  }
}
