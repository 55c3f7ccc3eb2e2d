// Plays the seeds that it is told, one at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { run } from '../run.js';

const { computers, isThorough } = workerData as { computers: number; isThorough: boolean };

parentPort?.on('message', async (seed: number) => {
  parentPort?.postMessage(await run({ seed, computers, isThorough }));
});
