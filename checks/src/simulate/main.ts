import { run } from './run.js';
const [seed = '1', computers = '300', count='1', thorough] = process.argv.slice(2);
for (let s=+seed; s<+seed + +count; s++) {
const start = performance.now();
try {
const outcome = await run(s, Number(computers), thorough !== undefined);
console.log(JSON.stringify(outcome), performance.now() - start);
} catch(e) {console.log(s,(e as Error).message.slice(0,300))}
}
