// `node scripts/prepare-release.mjs TAG REPOSITORY`: what the release workflow does before it publishes. Ends with 1 unless
// the tag is the version of the packages and the changelog has it as released. Then writes into each manifest where the
// source is, which a statement of provenance is compared with.
import { readFileSync, writeFileSync } from 'node:fs';
import { rootPath } from './run.mjs';

const PACKAGES = ['mailslot', 'nats', 'cli'];

const [tag, repository] = process.argv.slice(2);
const manifests = PACKAGES.map((name) => rootPath('packages', name, 'package.json'));
const trouble = problem();
if (trouble === undefined) {
  for (const path of manifests) {
    const manifest = read(path);
    const directory = `packages/${PACKAGES[manifests.indexOf(path)]}`;
    manifest.repository = { type: 'git', url: `git+${repository}.git`, directory };
    writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }
} else {
  console.error(trouble);
  process.exitCode = 1;
}

function problem() {
  if (tag === undefined || !/^https:\/\/\S+$/.test(repository ?? ''))
    return 'usage: node scripts/prepare-release.mjs TAG https://HOST/OWNER/NAME';
  for (const path of manifests) {
    const { name, version } = read(path);
    if (tag !== `v${version}`) return `the tag is ${tag}, and ${name} has the version ${version}`;
  }
  const heading = `## ${tag.slice(1)}`;
  const lines = readFileSync(rootPath('CHANGELOG.md'), 'utf8').split('\n');
  if (!lines.includes(heading)) return `CHANGELOG.md has no heading "${heading}" (without "unreleased")`;
  return undefined;
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
