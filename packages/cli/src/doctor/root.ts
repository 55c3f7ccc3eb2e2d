import { accessSync, constants, lstatSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { listMailslots, mailslotRoot } from 'mailslot';
import { bad, badByError, type Finding, good, modeText } from './finding.js';

/** The MSFS root: where it is, whose, and whether slots can be made in it. */
export async function rootFindings(asked: string | undefined): Promise<Finding[]> {
  try {
    const root = asked ?? mailslotRoot();
    const slots = await listMailslots({ root });
    if (process.platform === 'win32') return [good('root', `${root}, slots: ${slots.length}`)];
    const stats = statOf(root);
    const barred = slots.filter(({ error }) => error?.code === 'ERR_MAILSLOT_IO');
    const found = stats === undefined ? missing(root) : there(root, stats, slots.length - barred.length);
    return [...found, ...barred.map(({ error }) => badByError('root', error)), ...squatted(root)];
  } catch (error) {
    return [badByError('root', error)];
  }
}

function statOf(root: string): Stats | undefined {
  try {
    return statSync(root);
  } catch {
    // Why it is not there is seen from where it would be made.
    return undefined;
  }
}

function missing(root: string): Finding[] {
  const reason = whyNoWriting(dirname(root));
  if (reason === undefined) return [good('root', `${root} is not there yet; the first slot makes it`)];
  const finding = `${root} is not there, and cannot be made: ${reason}`;
  return [bad('root', finding, 'set MAILSLOT_ROOT to another folder, or have that one made')];
}

function there(root: string, stats: Stats, slots: number): Finding[] {
  const shown = `${root}, mode ${modeText(stats)}, slots: ${slots}`;
  const reason = whyNoWriting(root);
  const findings =
    reason === undefined
      ? [good('root', shown)]
      : [bad('root', `${shown}, and none can be made: ${reason}`, remedy(root, stats))];
  if (stats.uid !== process.geteuid?.()) {
    findings.push(
      good(
        'root',
        `it belongs to uid ${stats.uid}, and so does its redirector: that user's configuration counts, not yours`,
      ),
    );
  }
  return findings;
}

function remedy(root: string, { uid }: Stats): string {
  if (!isClosed(root)) return 'set MAILSLOT_ROOT to another folder';
  return uid === process.geteuid?.()
    ? `run "chmod 700 ${root}", or set MAILSLOT_ROOT to another folder`
    : `have its owner, uid ${uid}, run "chmod 1777 ${root}", or set MAILSLOT_ROOT to another folder`;
}

/** Whether it is the mode that forbids it, and no disk that is read-only. */
function isClosed(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** Why nothing can be made in a folder; `undefined`: it can. */
function whyNoWriting(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return `${folder} is no folder`;
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `${folder} ${(code && REASONS[code]) ?? 'may not be written in by this user'}`;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is no folder',
  EROFS: 'is on a read-only file system',
};

/** Somebody else's folder at this user's path is passed by, and can be removed only by them and root. */
function squatted(root: string): Finding[] {
  const usual = `/tmp/mailslot-${process.geteuid?.()}`;
  if (process.env['MAILSLOT_ROOT'] || root !== mailslotRoot() || [usual, '/run/mailslot'].includes(root))
    return [];
  const instead = `${usual}, where your slots would be, so they are here instead`;
  try {
    const stats = lstatSync(usual, { throwIfNoEntry: false });
    if (stats === undefined || stats.uid === process.geteuid?.() || stats.uid === 0) return [];
    return [good('root', `uid ${stats.uid} has made ${instead}: root can remove it with "rm -r ${usual}"`)];
  } catch {
    // What cannot be looked at is a file system that somebody else has mounted there.
    return [good('root', `somebody has mounted ${instead}: root can remove it with "umount ${usual}"`)];
  }
}
