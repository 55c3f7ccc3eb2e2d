// A job queue between processes. Messages go one way, so a job says where its result is to go.
import { fork } from 'node:child_process';
import { createMailslot, openMailslot } from 'mailslot';

async function worker() {
  const jobs = await createMailslot('examples/jobs');
  for await (const message of jobs) {
    // A message of no bytes is a message too; here it says that there is no more to do.
    if (message.size === 0) break;
    const { number, replyTo } = message.json();
    const result = await openMailslot(replyTo);
    await result.write(JSON.stringify({ number, square: number ** 2 }));
    await result.close();
  }
  await jobs.close();
}

async function boss() {
  const replyTo = `examples/results/${process.pid}`;
  const results = await createMailslot(replyTo, { readTimeout: 10_000 });
  fork(import.meta.filename, ['worker']);

  // The worker is only starting: wait for its slot.
  const jobs = await openMailslot('examples/jobs', { wait: 10_000 });
  await jobs.writeMany([1, 2, 3].map((number) => JSON.stringify({ number, replyTo })));
  await jobs.write('');
  await jobs.close();

  for (let missing = 3; missing > 0; missing -= 1) {
    const { number, square } = (await results.read()).json();
    console.log(`${number} squared is ${square}`);
  }
  await results.close();
}

await (process.argv[2] === 'worker' ? worker() : boss());
