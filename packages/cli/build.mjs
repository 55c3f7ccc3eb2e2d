// Bundles what `tsc -b` emitted into CommonJS, which starts faster than ES modules: `write` and the library's client
// end in dist/mailslot.cjs, everything else in a chunk that is loaded when it is needed. Then writes the manual page.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = join(here, 'dist');
const commander = dirname(createRequire(import.meta.url).resolve('commander'));

/** commander can start subcommands that are programs of their own. We have none, and loading what it needs for them costs 3 ms. */
const withoutSubprograms = {
  name: 'without-subprograms',
  resolveId: (source, importer) =>
    source === 'node:child_process' && importer?.startsWith(commander) ? '\0nothing' : undefined,
  load: (id) => (id === '\0nothing' ? 'module.exports = {};' : undefined),
};

/** The licences of what is bundled ask to be carried along. */
function licences({ moduleIds }) {
  const packages = new Set(
    moduleIds.flatMap((id) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []),
  );
  const texts = Array.from(packages, (folder) => {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `/*! ${name}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}*/`;
  });
  return texts.join('\n');
}

for (const file of readdirSync(dist)) if (/\.cjs(\.compiled)?$/.test(file)) rmSync(join(dist, file));

const bundle = await rolldown({
  input: { mailslot: join(dist, 'program', 'main.js') },
  platform: 'node',
  plugins: [withoutSubprograms],
});
await bundle.write({
  dir: dist,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'mailslot-[name].cjs',
  banner: licences,
  // Comments would be a third of what every start has to read; those in the sources are one file away.
  comments: { jsdoc: false, legal: true },
  // Each file that is read costs a start time: one for what every command needs, one for those that look at slots.
  codeSplitting: {
    groups: [
      { name: 'start', tags: ['$initial'], priority: 1 },
      { name: 'slots', test: /cli.dist.commands.slots.(list|info)\.js$/ },
      { name: 'nats', test: /[\\/]@nats-io[\\/]/ },
    ],
  },
});
await bundle.close();

await bundleRedirector();

const { createProgram } = await import('./dist/program/program.js');
const { manualPage } = await import('./dist/program/man.js');
writeFileSync(join(dist, 'mailslot.1'), manualPage(createProgram()));

/** What a command starts when it needs a redirector and none runs: one file, beside the code that starts it. */
async function bundleRedirector() {
  const bundle = await rolldown({
    input: { 'redirector-process': join(dist, 'commands', 'serve', 'redirector-process.js') },
    platform: 'node',
  });
  await bundle.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    banner: licences,
    codeSplitting: false,
  });
  await bundle.close();
}
