/** One figure of a target beside what was measured. */
export interface Target {
  readonly case: string;
  /** What was measured, as a ratio within one run. */
  readonly ratio: number;
  readonly target: number;
  readonly bound: 'at least' | 'at most';
  readonly met: boolean;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How something grows: a line a series, over steps that lie equally far apart. */
export interface Chart {
  /** File name, without its ending. */
  readonly file: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly steps: readonly number[];
  readonly series: readonly Series[];
}

export interface Series {
  readonly name: string;
  /** One value a step. */
  readonly values: readonly number[];
}

/** What a case found out. */
export interface Outcome {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  readonly charts: readonly Chart[];
}

export function atLeast(name: string, ratio: number, target: number): Target {
  return { case: name, ratio: rounded(ratio), target, bound: 'at least', met: ratio >= target };
}

export function atMost(name: string, ratio: number, target: number): Target {
  return { case: name, ratio: rounded(ratio), target, bound: 'at most', met: ratio <= target };
}

function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
