// `node scripts/run-check.mjs NAME [ARGS…]`: runs the campaign checks/src/NAME/main.ts.
import { ensure } from './ensure.mjs';
import { become } from './run.mjs';

const [name, ...args] = process.argv.slice(2);
await ensure();
await become(`checks/dist/${name}/main.js`, ...args);
