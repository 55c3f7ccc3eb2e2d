import { mkdirSync } from 'node:fs';
import type { Case, Cases, State } from './cases.js';
import { Check, WOULD_APPLY } from './check.js';
import type { Dimension, Group } from './group.js';
import { type Form, Scene } from './scene.js';
import type { Host } from './server.js';

/** What came of one case, over all forms. */
export interface Verdict {
  readonly case: string;
  readonly state: State;
  /** Of `differs`, `n/a` and `fails`. */
  readonly reason?: string;
  /** Of a decision. */
  readonly decision?: string;
}

/** Where a run takes place. */
export interface Place {
  hostOf(form: Form): Host;
  /** The forms to be tried; the first is the one for groups in which no form makes a difference. */
  readonly forms: readonly Form[];
  /** An empty folder; each group in each form gets a root of its own in it. */
  readonly folder: string;
  /** All names of the public API. */
  readonly surface: readonly string[];
  /** How long a group may take in one form. */
  readonly groupMs: number;
}

/** Called when one group has been gone through in one form. */
export type OnStep = (done: number, all: number) => void;

/** What is wrong with a case, and in which form. */
interface Complaint {
  readonly text: string;
  readonly form: Form | undefined;
}

/** Goes through groups of cases, in all forms at once: most of the time is spent waiting for time-outs. */
export async function runGroups(
  groups: readonly Group[],
  place: Place,
  onStep: OnStep = () => {},
): Promise<Verdict[]> {
  const complaints = new Map<string, Complaint[]>();
  const complain = (id: string, complaint: Complaint): void => {
    complaints.set(id, [...(complaints.get(id) ?? []), complaint]);
  };
  const all = groups.reduce((sum, group) => sum + formsFor(group, place).length, 0);
  let steps = 0;
  let done = 0;
  const walk = async (form: Form): Promise<void> => {
    for (const group of groups) {
      if (!formsFor(group, place).includes(form)) continue;
      steps += 1;
      const root = `${place.folder}/${steps}`;
      mkdirSync(root, { mode: 0o700 });
      const found = await goThrough(group, new Scene(place.hostOf(form), form, root), place.groupMs);
      for (const [id, text] of found) complain(id, { text, form });
      done += 1;
      onStep(done, all);
    }
  };
  await Promise.all(place.forms.map(walk));
  for (const { cases } of groups) {
    for (const id of Object.keys(cases)) {
      if (isOffered(cases[id] as Case, place.surface)) complain(id, { text: WOULD_APPLY, form: undefined });
    }
  }
  return groups.flatMap(({ cases }) =>
    Object.entries(cases).map(([id, each]) => verdictOn(id, each, complaints.get(id) ?? [])),
  );
}

/** Of forms that differ only in what makes no difference to the group, the first. */
function formsFor({ varies }: Group, { forms }: Place): Form[] {
  const keyOf = (form: Form): string => varies.map((dimension: Dimension) => form[dimension]).join();
  const firsts = new Map<string, Form>();
  for (const form of forms) if (!firsts.has(keyOf(form))) firsts.set(keyOf(form), form);
  return [...firsts.values()];
}

/** What is wrong, by case. */
async function goThrough(group: Group, scene: Scene, ms: number): Promise<Map<string, string>> {
  const check = new Check<Cases>();
  const error = await errorOf(group.run(scene, check), ms);
  await scene.end();
  const wrong = new Map<string, string>();
  for (const [id, text] of check.findings) if (text !== undefined) wrong.set(id, text);
  const unseen = Object.keys(group.cases).filter(
    (id) => needsProof(group.cases[id]) && !check.findings.has(id),
  );
  for (const id of unseen) wrong.set(id, error ?? 'was not checked');
  // An error when all had been seen is still one that nobody expected.
  if (error !== undefined && unseen.length === 0)
    for (const id of Object.keys(group.cases)) wrong.set(id, error);
  return wrong;
}

async function errorOf(run: Promise<void>, ms: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done in ${ms} ms`)), ms);
  });
  try {
    await Promise.race([run, tooLate]);
    return undefined;
  } catch (error) {
    return String(error);
  } finally {
    clearTimeout(timer);
  }
}

function needsProof(each: Case | undefined): boolean {
  return each?.state !== 'n/a';
}

function isOffered(each: Case, surface: readonly string[]): boolean {
  return each.state === 'n/a' && surface.some((name) => each.unless?.test(name) ?? false);
}

function verdictOn(id: string, each: Case, complaints: readonly Complaint[]): Verdict {
  const [first] = complaints;
  if (first) {
    const others = complaints.length > 1 ? `, and ${complaints.length - 1} more` : '';
    return { case: id, state: 'fails', reason: `${first.text} (${formText(first.form)}${others})` };
  }
  if ('decision' in each) return { case: id, state: each.state, decision: each.decision };
  return each.state === 'holds'
    ? { case: id, state: 'holds' }
    : { case: id, state: each.state, reason: each.reason };
}

function formText(form: Form | undefined): string {
  return form ? `${form.process}, ${form.write}, ${form.read}` : 'in the public API';
}
