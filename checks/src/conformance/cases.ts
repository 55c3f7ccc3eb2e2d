/**
 * - `holds`: Windows' assertion was checked and is true here.
 * - `differs`: what is true here instead was checked, and Windows' assertion was checked to be false.
 * - `n/a`: there is nothing here of which the assertion speaks.
 * - `fails`: the check says otherwise, could not be made, or the case is marked differently than it turned out.
 */
export type State = 'holds' | 'differs' | 'n/a' | 'fails';

/** One case of the list: what it says about Windows. */
interface Text {
  readonly given: string;
  readonly when: string;
  readonly then: string;
}

export interface Holds extends Text {
  readonly state: 'holds';
}

export interface Differs extends Text {
  readonly state: 'differs';
  readonly reason: string;
}

export interface NotApplicable extends Text {
  readonly state: 'n/a';
  readonly reason: string;
  /** A name in the public API that would make the case applicable. */
  readonly unless: RegExp | undefined;
}

/** A question to which no source knows Windows' answer, and ours. */
export interface Decision {
  readonly state: 'holds';
  readonly question: string;
  readonly decision: string;
}

export type Case = Holds | Differs | NotApplicable | Decision;

export type Cases = Readonly<Record<string, Case>>;

/** Why a case does not apply, for all to which one reason is common. */
export type Reason = Pick<NotApplicable, 'reason' | 'unless'>;

export function holds(given: string, when: string, then: string): Holds {
  return { state: 'holds', given, when, then };
}

/** @param reason what is so here instead, and why that was chosen. */
export function differs(given: string, when: string, then: string, reason: string): Differs {
  return { state: 'differs', given, when, then, reason };
}

export function notApplicable(
  given: string,
  when: string,
  then: string,
  why: string | Reason,
): NotApplicable {
  const { reason, unless } = typeof why === 'string' ? { reason: why, unless: undefined } : why;
  return { state: 'n/a', given, when, then, reason, unless };
}

export function decision(question: string, decision: string): Decision {
  return { state: 'holds', question, decision };
}
