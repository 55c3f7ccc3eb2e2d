// `node checks/dist/faults/main.js [NAME…] [SIZE=NUMBER…]`: the proofs with real processes at their full size (those
// whose file's name holds one of the NAMEs), one line of JSON each. Ends with 0 if all were shown.
import { proofsOf, runProofs } from '../support/run-proofs.js';
import { SIZES_VARIABLE } from './sizes.js';

const args = process.argv.slice(2);
process.env[SIZES_VARIABLE] = ['full', ...args.filter((arg) => arg.includes('='))].join(',');
const names = args.filter((arg) => !arg.includes('='));
process.exitCode = (await runProofs(proofsOf('faults', names))) ? 0 : 1;
