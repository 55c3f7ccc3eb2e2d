'use strict';
// Part of the build: `node --require ./compile.cjs bin/mailslot.cjs …` runs a command and keeps what V8 has compiled for
// it, together with what was kept before.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const scripts = [];

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    scripts.push({ script: this, name: options.filename });
  }
};

process.on('exit', () => {
  for (const { script, name } of scripts) {
    writeFileSync(join(__dirname, 'dist', `${name}.compiled`), script.createCachedData());
  }
});
