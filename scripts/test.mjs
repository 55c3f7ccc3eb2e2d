// `npm test`: everything that CI runs. The last lines say what could not be shown here, and how many passed and failed.
import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { ensure } from './ensure.mjs';
import { node, quietly, rootPath, WORKSPACES } from './run.mjs';

const TEST_FILE_TIMEOUT_MS = 5 * 60_000;

/** The campaigns under checks/, each in a form short enough for every change. */
const campaigns = { canaries: [], chaos: ['--events', '20'], fuzz: ['--runs', '5000'] };

const tally = { passed: 0, failed: 0, notShown: [] };

await ensure();
await installPeers();
step('lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
await runTests();
for (const [name, args] of Object.entries(campaigns)) step(name, `checks/dist/${name}/main.js`, ...args);

if (tally.notShown.length > 0) console.log(`\ncould not be shown here:\n${tally.notShown.join('\n')}`);
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;

function step(name, script, ...args) {
  console.log(`\n— ${name}`);
  if (node(script, ...args)) tally.passed++;
  else tally.failed++;
}

async function runTests() {
  console.log('\n— tests');
  const events = run({ files: testFiles(), concurrency: 2, timeout: TEST_FILE_TIMEOUT_MS });
  events.on('test:pass', ({ name, skip, details }) => {
    if (skip) tally.notShown.push(`  ${name}: ${skip}`);
    else if (details.type !== 'suite') tally.passed++;
  });
  events.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') tally.failed++;
  });
  for await (const text of events.compose(spec)) process.stdout.write(text);
}

/** Node 20 knows no patterns here; and a test counts by its source, so that one that was not emitted is missed. */
function testFiles() {
  const files = [];
  for (const workspace of WORKSPACES) {
    for (const path of readdirSync(rootPath(workspace, 'src'), { recursive: true })) {
      if (path.endsWith('.test.ts')) files.push(rootPath(workspace, 'dist', path.replace(/ts$/, 'js')));
    }
  }
  return files.sort();
}

/** Root on Debian, as CI is, can install the peers that tests talk to; anyone else sees the list of what was not shown. */
async function installPeers() {
  const { peers, isOnPath, packageOf } = await import('../checks/dist/support/peers.js');
  const missing = Object.keys(peers).filter((peer) => !isOnPath(peer));
  if (missing.length === 0 || process.getuid?.() !== 0 || !isOnPath('apt-get')) return;
  const install = `apt-get install -y --no-install-recommends ${missing.map(packageOf).join(' ')}`;
  process.env.DEBIAN_FRONTEND = 'noninteractive';
  await quietly('installing peers of the tests', `${install} || (apt-get update && ${install})`);
}
