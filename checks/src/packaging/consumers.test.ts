// The packages as strangers have them: installed from the tarballs, compiled by the compilers that people use, under the
// settings that change what a compiler looks at, and required by CommonJS. `packaging.test.ts` has a whole program.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFiles } from '../support/folder.js';
import { runNode } from '../support/program.js';
import { complaintsOf } from '../support/tsc.js';
import { packAndInstall } from './packed.js';

const { app } = packAndInstall('mailslot', '@mailslot/nats');

/** Uses every entry point as its documentation says. */
const right = `
import { natsTransport, permissionsOf } from '@mailslot/nats';
import { createMailslot, type Message, MailslotError, openMailslot } from 'mailslot';
import { loadConfig } from 'mailslot/domains';
import { messengerName } from 'mailslot/messenger';
import { conformanceCases } from 'mailslot/testing';
import { keyOf, MAX_PACKET } from 'mailslot/transports';
export async function run(): Promise<unknown[]> {
  await using slot = await createMailslot('app/events', { queue: { whenFull: 'reject' }, access: 'owner' });
  await using client = await openMailslot('app/events', { signal: AbortSignal.timeout(10_000) });
  await client.write(Buffer.from('first'));
  const message: Message = await slot.read({ timeout: 1000 });
  const bytes: Uint8Array = message.data;
  const secret: Uint8Array = keyOf(new Uint8Array(32)).secret;
  return [bytes, secret, MAX_PACKET, loadConfig(process.env), messengerName, conformanceCases, natsTransport,
    permissionsOf, MailslotError];
}
`;

/** Whatever is `any` to the compiler would let these pass. Each line names what must be said of it. */
const wrong = `
import { permissionsOf } from '@mailslot/nats';
import { createMailslot, mailslotRoot, type Message, openMailslot } from 'mailslot';
import { loadConfig } from 'mailslot/domains';
import { messengerName } from 'mailslot/messenger';
import { conformanceCases } from 'mailslot/testing';
import { keyOf } from 'mailslot/transports';
declare const message: Message;
export const data: number = message.data; // TS2322
export const text: number = message.text(); // TS2322
export const root: number = mailslotRoot(); // TS2322
export const slot = createMailslot('app/events', { access: 'all' }); // TS2322
export const client = openMailslot('app/events', { signal: 1000 }); // TS2322
export const config: number = loadConfig(process.env); // TS2322
export const name: number = messengerName('anna'); // TS2322
export const cases: number = conformanceCases; // TS2322
export const secret: number = keyOf(new Uint8Array(32)).secret; // TS2322
export const allowed: number = permissionsOf('OFFICE', 'ALPHA'); // TS2322
`;

/** The same by CommonJS. */
const required = `
import mailslot = require('mailslot');
import transports = require('mailslot/transports');
export const slot: Promise<mailslot.Mailslot> = mailslot.createMailslot('app/events');
export const packet: number = transports.MAX_PACKET;
export async function wrong(): Promise<number> {
  const reader = await slot;
  return (await reader.read()).data; // TS2322
}
`;

const compilers = { 'TypeScript 7': 'typescript', 'TypeScript 5.9': 'typescript-5' };
const resolutions = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'preserve', moduleResolution: 'bundler' },
};

const specifiers = ['mailslot', '@mailslot/nats'].flatMap(entryPointsOf);

writeFiles(app, { 'right.mts': right, 'wrong.mts': wrong, 'required.cts': required });

for (const [title, compiler] of Object.entries(compilers)) {
  for (const [resolution, modules] of Object.entries(resolutions)) {
    for (const skipLibCheck of [false, true]) {
      test(`${title}, ${resolution}, skipLibCheck ${skipLibCheck}: what is right compiles, what is wrong does not`, () => {
        writeFiles(app, {
          // No `types`: TypeScript 7 then knows of Node only what a declaration refers to.
          'tsconfig.json': {
            compilerOptions: {
              ...modules,
              target: 'es2022',
              lib: ['es2022', 'esnext.disposable'],
              strict: true,
              exactOptionalPropertyTypes: true,
              skipLibCheck,
            },
            files: ['right.mts', 'wrong.mts', 'required.cts'],
          },
        });
        const complaints = complaintsOf(join(app, 'tsconfig.json'), compiler).filter((line) =>
          /^\S/.test(line),
        );
        assert.deepEqual(
          complaints.map(placeOf).sort(),
          [...wrongLines('wrong.mts', wrong), ...wrongLines('required.cts', required)].sort(),
        );
      });
    }
  }
}

test('each entry point by itself brings the types of Node along', () => {
  for (const specifier of specifiers) {
    writeFiles(app, {
      'alone.mts': `
        import * as all from '${specifier}';
        export const bytes: Buffer = Buffer.from(Object.keys(all).join());
        export const wrong: number = bytes;
        ${specifier === 'mailslot' ? 'export const data: number = (null as unknown as all.Message).data;' : ''}`,
      // In one program with others each would profit from what another one says.
      'tsconfig.json': {
        compilerOptions: { module: 'nodenext', strict: true, skipLibCheck: true },
        files: ['alone.mts'],
      },
    });
    const lines = specifier === 'mailslot' ? [4, 5] : [4];
    assert.deepEqual(
      complaintsOf(join(app, 'tsconfig.json')).map(placeOf),
      lines.map((line) => `alone.mts(${line}): TS2322`),
      specifier,
    );
  }
});

test('each entry point can be imported and required', () => {
  const list = JSON.stringify(specifiers);
  writeFiles(app, {
    'imports.mjs': `for (const each of ${list}) console.log(Object.keys(await import(each)).length > 0);`,
    'requires.cjs': `for (const each of ${list}) console.log(Object.keys(require(each)).length > 0);`,
  });
  for (const program of ['imports.mjs', 'requires.cjs']) {
    const { stdout, stderr } = runNode([join(app, program)]);
    assert.equal(stdout, 'true\n'.repeat(specifiers.length), `${program}: ${stderr}`);
  }
});

/** What can be imported of a package: not its manifest, nor what is a program, which would run. */
function entryPointsOf(name: string): string[] {
  const manifest = readFileSync(join(app, 'node_modules', name, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: object };
  return Object.keys(exports)
    .filter((each) => each !== './package.json' && each !== './redirector-process')
    .map((each) => name + each.slice(1));
}

/** `wrong.mts(9): TS2322` */
function placeOf(complaint: string): string {
  const [, file, line, code] = /([^/\\]+)\((\d+),\d+\): error (TS\d+): /.exec(complaint) ?? [];
  return code === undefined ? complaint : `${file}(${line}): ${code}`;
}

function wrongLines(file: string, source: string): string[] {
  return source.split('\n').flatMap((line, at) => {
    const code = / \/\/ (TS\d+)$/.exec(line)?.[1];
    return code === undefined ? [] : [`${file}(${at + 1}): ${code}`];
  });
}
