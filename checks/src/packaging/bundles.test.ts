// Programs that a bundler has made of the packed library, as strangers run them: one that reaches another computer needs
// the program of the redirector beside it, and is told so where it is missing.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { callRedirector, createMailslot, startRedirector } from 'mailslot';
import { keyOf } from 'mailslot/transports';
import { onLinux } from '../harness/platform.js';
import { writeFiles } from '../support/folder.js';
import { type Outcome, runNode, runProgram } from '../support/program.js';
import { inRepo } from '../support/repo.js';
import { packAndInstall } from './packed.js';

interface Bundler {
  /** Bundles `entry`, and the program of the redirector as a second one, into `out`. */
  readonly bundle: (entry: string, out: string) => Outcome;
  /** How the files of the bundle end. */
  readonly ending: string;
}

const PROGRAM = 'redirector-process';
const DEADLINE_MS = 30_000;

const { app } = packAndInstall('mailslot');

writeFiles(app, {
  'package.json': { private: true, type: 'module', dependencies: { mailslot: '0.1.0' } },
  'app.ts': `
    import { openMailslot } from 'mailslot';
    async function run(): Promise<string> {
      await using client = await openMailslot('//BRAVO/mailslot/bundled', { wait: ${DEADLINE_MS} });
      await client.write('from a bundle');
      return 'sent';
    }
    run().then(console.log, (error) => console.log(error.code + ': ' + error.message));
  `,
  'wrong.ts': `import { openMailbox } from 'mailslot'; console.log(openMailbox);`,
});

const bundlers: Readonly<Record<string, Bundler>> = {
  'esbuild, ES modules': { bundle: (entry, out) => esbuild(entry, out, 'esm', '.mjs'), ending: '.mjs' },
  'esbuild, CommonJS': { bundle: (entry, out) => esbuild(entry, out, 'cjs', '.cjs'), ending: '.cjs' },
  Vite: { bundle: vite, ending: '.js' },
};

for (const [title, { bundle, ending }] of Object.entries(bundlers)) {
  test(
    `${title}: a bundle reaches another computer, and without the program of the redirector says what is missing`,
    onLinux,
    async (t) => {
      const out = join(app, title.replaceAll(/\W/g, ''));
      const built = bundle('app.ts', out);
      assert.equal(built.code, 0, built.stderr + built.stdout);
      const bundled = join(out, `app${ending}`);
      const program = join(out, PROGRAM + ending);
      const { env, root, received } = await twoComputers(t);

      renameSync(program, `${program}.away`);
      const alone = await run(bundled, env);
      assert.match(
        alone.stdout,
        /^ERR_MAILSLOT_NOT_FOUND: .*"mailslot\/redirector-process" as a second entry/,
      );
      assert.ok(alone.stdout.includes(program), alone.stdout);

      renameSync(`${program}.away`, program);
      const { stdout, stderr } = await run(bundled, env);
      assert.equal(stdout, 'sent\n', stderr);
      try {
        assert.deepEqual(await received(), { text: 'from a bundle', computer: 'ALPHA' });
      } finally {
        for await (const _ of callRedirector({ do: 'stop' }, { root }));
      }
    },
  );

  test(`${title}: what the library does not export is not bundled`, () => {
    assert.notEqual(bundle('wrong.ts', join(app, 'wrong')).code, 0);
  });
}

/** Beside us, since the other computer is in this process. */
function run(file: string, env: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  const options = { env: { ...process.env, ...env }, timeout: 2 * DEADLINE_MS };
  return promisify(execFile)(process.execPath, [file], options);
}

function esbuild(entry: string, out: string, format: string, ending: string): Outcome {
  const folder = inRepo('node_modules/@esbuild', `${process.platform}-${process.arch}`);
  const binary = join(folder, process.platform === 'win32' ? 'esbuild.exe' : 'bin/esbuild');
  const how = ['--bundle', '--platform=node', '--target=node20', `--format=${format}`];
  const where = [`--outdir=${out}`, `--out-extension:.js=${ending}`];
  return runProgram(binary, [entry, `${PROGRAM}=mailslot/${PROGRAM}`, ...how, ...where], { cwd: app });
}

function vite(entry: string, outDir: string): Outcome {
  const input = { app: entry, [PROGRAM]: `mailslot/${PROGRAM}` };
  const config = { ssr: { noExternal: true }, build: { ssr: true, outDir, rollupOptions: { input } } };
  writeFiles(app, { 'vite.config.js': `export default ${JSON.stringify(config)};` });
  return runNode([inRepo('node_modules/vite/bin/vite.js'), 'build'], { cwd: app });
}

/** A domain of two computers that speak on loopback: ALPHA, where the bundle runs, and BRAVO, which has the slot. */
async function twoComputers(t: TestContext): Promise<{
  readonly env: Record<string, string>;
  readonly root: string;
  received(): Promise<{ text: string; computer: string | undefined }>;
}> {
  const { id, secret } = keyOf(randomBytes(32));
  const key = { id, secret: Buffer.from(secret).toString('base64url'), installed: new Date().toISOString() };
  const domain = { name: 'BUNDLES', keys: [key], use: id, lan: { interfaces: ['lo'] } };
  const [alpha, bravo] = ['ALPHA', 'BRAVO'].map((computer) => {
    const root = mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'ms-'));
    t.after(() => rmSync(root, { recursive: true, force: true }));
    const path = join(root, 'config.json');
    writeFileSync(path, JSON.stringify({ computer, domains: [domain] }), { mode: 0o600 });
    return { root, path };
  }) as [Place, Place];
  const redirector = await startRedirector({ root: bravo.root, config: { path: bravo.path } });
  const slot = await createMailslot('bundled', { root: bravo.root, remote: 'domain' });
  t.after(async () => {
    await slot.close();
    await redirector.close();
  });
  return {
    env: { MAILSLOT_ROOT: alpha.root, MAILSLOT_CONFIG: alpha.path, MAILSLOT_AUTOSTART: '1' },
    root: alpha.root,
    async received() {
      const message = await slot.read({ timeout: DEADLINE_MS });
      return { text: message.text(), computer: message.sender.computer };
    },
  };
}

interface Place {
  readonly root: string;
  readonly path: string;
}
