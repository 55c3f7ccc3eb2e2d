// Runs the flood of this resource by this attacker and prints what it measured, as JSON. With its input it ends, and so
// do the processes that it has started.
import { killGroup } from '../../support/group.js';
import { floods } from '../all.js';

process.stdin.resume().once('close', () => killGroup(process.pid));
const [resource, attacker] = process.argv.slice(2);
const flood = floods.find((each) => each.resource === resource && each.attacker === attacker);
if (flood === undefined) throw new Error(`there is no flood of ${resource} by ${attacker}`);
console.log(JSON.stringify(await flood.run()));
process.exit(0);
