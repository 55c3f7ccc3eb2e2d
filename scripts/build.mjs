// `npm run build`: compiles every workspace, then bundles the page and the CLI.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOfSources, forgetBuilt, recordBuilt } from './built.mjs';
import { node, refuseUnlessWritable, rootPath, WORKSPACES } from './run.mjs';

refuseUnlessWritable();
forgetBuilt();
const sources = fingerprintOfSources();
for (const workspace of WORKSPACES) removeOrphans(rootPath(workspace));
const done =
  node('node_modules/typescript/bin/tsc', '-b') &&
  node('packages/web/build.mjs') &&
  node('packages/cli/build.mjs');
if (done) recordBuilt(sources);
process.exitCode = done ? 0 : 1;

/** tsc leaves behind what it emitted from a source that is gone; it would be published for ever. */
function removeOrphans(workspace) {
  const dist = join(workspace, 'dist');
  if (!existsSync(dist)) return;
  for (const path of readdirSync(dist, { recursive: true })) {
    if (!path.endsWith('.d.ts')) continue;
    const stem = path.slice(0, -'.d.ts'.length);
    if (['.ts', '.tsx'].some((suffix) => existsSync(join(workspace, 'src', stem + suffix)))) continue;
    for (const suffix of ['.d.ts', '.d.ts.map', '.js', '.js.map'])
      rmSync(join(dist, stem + suffix), { force: true });
  }
}
