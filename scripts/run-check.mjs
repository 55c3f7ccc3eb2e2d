// `node scripts/run-check.mjs NAME [ARGS…]`: runs the campaign checks/src/NAME/main.ts.
import { existsSync, readdirSync } from 'node:fs';
import { ensure } from './ensure.mjs';
import { become, rootPath } from './run.mjs';

const [name, ...args] = process.argv.slice(2);
await ensure();
const main = `checks/dist/${name}/main.js`;
if (existsSync(rootPath(main))) await become(main, ...args);
else {
  const names = readdirSync(rootPath('checks/dist')).filter((each) =>
    existsSync(rootPath('checks/dist', each, 'main.js')),
  );
  console.error(`there is no check ${name}; there are ${names.join(', ')}`);
  process.exitCode = 2;
}
