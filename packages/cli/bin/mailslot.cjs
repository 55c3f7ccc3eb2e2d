#!/usr/bin/env node
'use strict';
// Starts the bundle. To compile it takes longer than to run it, so what V8 has compiled for a command is kept: by Node
// itself from 22 on, by this file for Node 20. It is code that nobody can read, so it is made on this computer, in a
// folder that nobody but this user can have written to, and used for the very source that it was made from.
const fs = require('node:fs');

const dist = `${__dirname}/../dist/`;
const loaded = new Map();
/** Files that are kept: about 50 MB, three installations with all their commands. */
const MOST_KEPT = 1000;
/** What was compiled here and now. */
const unkept = [];
/** The folder of what is kept; undefined: nothing is. */
const kept = keptFolder();

try {
  if (Number.parseInt(process.versions.node, 10) < 22) {
    load('mailslot.cjs');
  } else {
    // On Windows the folder for what is temporary is each user's own, which Node chooses by itself.
    if (kept !== undefined || process.platform === 'win32') require('node:module').enableCompileCache?.(kept);
    require(`${dist}mailslot.cjs`);
  }
} catch (error) {
  if (error.code !== 'ENOENT' && error.code !== 'MODULE_NOT_FOUND') throw error;
  process.stderr.write('mailslot: not built yet: run `npm run build`\n');
  process.exitCode = 1;
}

/**
 * A folder of this user alone, in /tmp, where others can make folders too, but neither enter this one nor put another one in
 * its place. Not in $HOME: who runs `sudo` may be root with the home of somebody else.
 */
function keptFolder() {
  if (process.platform === 'win32') return undefined;
  const uid = process.geteuid();
  const folder = `/tmp/mailslot-code-${uid}`;
  try {
    const around = fs.lstatSync('/tmp');
    const own = fs.lstatSync(folder, { throwIfNoEntry: false }) ?? made(folder);
    const isSafe = own.isDirectory() && own.uid === uid && (own.mode & 0o077) === 0;
    const staysSafe = around.uid === 0 && ((around.mode & 0o022) === 0 || (around.mode & 0o1000) !== 0);
    return isSafe && staysSafe ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Only now that it is not there: to fail is what takes time. */
function made(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another command that starts now may have made it.
    if (error.code !== 'EEXIST') throw error;
  }
  return fs.lstatSync(folder);
}

/** What `require` does, for the files of the bundle. */
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const source = fs.readFileSync(dist + name);
  const cachedData = compiledOf(name, source);
  const { Script } = require('node:vm');
  const script = new Script(`(function (exports, require, module, __filename) {${source}\n})`, {
    filename: name,
    cachedData,
  });
  const run = script.runInThisContext();
  const within = (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
    // Only then is known what this command makes V8 compile.
    if (unkept.length === 0) process.once('exit', keepWhenDone);
    unkept.push({ name, source, script });
  }
  run(module.exports, within, module, dist + name);
  return module.exports;
}

/**
 * By command, since each makes V8 compile other functions, and by where this program is installed, or two installations
 * would replace each other's at every start. The source stands before what was made from it.
 */
function pathOf(name) {
  const [word = ''] = process.argv.slice(2);
  const command = /^[a-z]{1,20}$/.test(word) ? word : 'any';
  return `${kept}/${process.version}-${process.arch}-${hash(__dirname)}-${command}-${name}`;
}

/** FNV-1a, for which nothing needs to be loaded: of two with the same hash each start is only slower. */
function hash(text) {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
}

/**
 * V8 does not check what it is given but for the first bytes, and ends at once when a crash or a disk has damaged that. So
 * it stands there twice: to compare the two takes a hundredth of the time of a sum that is reckoned here.
 */
function compiledOf(name, source) {
  if (kept === undefined) return undefined;
  try {
    const bytes = fs.readFileSync(pathOf(name));
    const half = (source.length + bytes.length) / 2;
    const compiled = bytes.subarray(source.length, half);
    const isWhole = bytes.subarray(half).equals(compiled);
    return isWhole && bytes.subarray(0, source.length).equals(source) ? compiled : undefined;
  } catch {
    return undefined;
  }
}

/** One that fails ends before it has compiled what it would need to be done. */
function keepWhenDone(exitCode) {
  if (exitCode !== 0) return;
  clearWhenFull();
  for (const { name, source, script } of unkept) {
    const compiled = script.createCachedData();
    keep(name, Buffer.concat([source, compiled, compiled]));
  }
}

/** What installations that are gone have left is not known from the rest: each makes its own anew. */
function clearWhenFull() {
  try {
    const names = fs.readdirSync(kept);
    if (names.length > MOST_KEPT) for (const name of names) discard(`${kept}/${name}`);
  } catch {
    // The folder is gone.
  }
}

function discard(path) {
  try {
    fs.rmSync(path, { force: true, recursive: true });
  } catch {
    // The command has done what it was asked for: nothing about what is kept may fail it.
  }
}

function keep(name, bytes) {
  const draft = `${pathOf(name)}-${process.pid}`;
  try {
    fs.writeFileSync(draft, bytes, { flag: 'wx', mode: 0o600 });
    fs.renameSync(draft, pathOf(name));
  } catch {
    // Without it the next command starts as slowly as this one.
    discard(draft);
  }
}
