#!/usr/bin/env node
'use strict';
// Starts the bundle. To compile it takes longer than to run it, so V8's compiled form is kept: from Node 22 on Node
// does that by itself; for Node 20 the build has left it beside each file. V8 ignores what another version compiled.
const { readFileSync } = require('node:fs');

const dist = `${__dirname}/../dist/`;
const loaded = new Map();

try {
  if (Number.parseInt(process.versions.node, 10) < 22) {
    load('mailslot.cjs');
  } else {
    require('node:module').enableCompileCache?.();
    require(`${dist}mailslot.cjs`);
  }
} catch (error) {
  if (error.code !== 'ENOENT' && error.code !== 'MODULE_NOT_FOUND') throw error;
  process.stderr.write('mailslot: not built yet: run `npm run build`\n');
  process.exitCode = 1;
}

/** What `require` does, for the files of the bundle. */
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const source = `(function (exports, require, module, __filename) {${readFileSync(dist + name, 'utf8')}\n})`;
  const { Script } = require('node:vm');
  const script = new Script(source, { filename: name, cachedData: compiled(name) });
  const run = script.runInThisContext();
  const within = (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  run(module.exports, within, module, dist + name);
  return module.exports;
}

function compiled(name) {
  try {
    return readFileSync(`${dist}${name}.compiled`);
  } catch {
    return undefined;
  }
}
