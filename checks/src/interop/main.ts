// `npm run interop -- [lan] [nats] [messenger] [page]`: what is proven with real peers, hosts and servers, all of it or what is named: one
// line of JSON a proof. Ends with 0 if all were shown, 1 if not, 2 for a name that it does not know.
import { SIZES_VARIABLE } from '../messenger/sizes.js';
import { proofsOf, runProofs } from '../support/run-proofs.js';

const CHECKS = ['lan', 'nats', 'messenger', 'page'];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !CHECKS.includes(name));
if (unknown === undefined) {
  process.env[SIZES_VARIABLE] = 'full';
  const files = (asked.length > 0 ? asked : CHECKS).flatMap((check) => proofsOf(check));
  process.exitCode = (await runProofs(files)) ? 0 : 1;
} else {
  console.error(`interop knows ${CHECKS.join(', ')}, not ${unknown}`);
  process.exitCode = 2;
}
