// What runs as a redirector that was started on first need: `node process.js ROOT`. It brings no NATS, which
// is another package's; the command line has a program of its own that does.
import { runUntilIdle } from './auto-exit.js';

void runUntilIdle(process.argv[2]);
