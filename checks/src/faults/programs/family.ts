// Cluster workers, or threads, of one process: all want one name, and each has a name of its own.
// `family.js cluster|threads COUNT ROOT` prints what each member reports, one JSON line, and ends by itself.
import cluster from 'node:cluster';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createMailslot, type MailslotError, openMailslot } from 'mailslot';

/** What a member has to say in the end. */
export interface Member {
  readonly member: number;
  /** What came of its wish for the name that all want. */
  readonly prize: 'owner' | string;
  /** What was written to its own name, by every member. */
  readonly received: readonly string[];
}

/** What members and their parent tell each other: a member has come as far as this, all have. */
type Step = 'has name' | 'has written';
type FromMember = Step | Member;

interface Task {
  readonly member: number;
  readonly count: number;
  readonly root: string;
}

/** A member's way to its parent. */
interface Parent {
  send(message: FromMember): void;
  /** Resolves when all members have taken the step. */
  all(step: Step): Promise<void>;
}

if (!isMainThread) await live(workerData as Task, threadParent());
else if (cluster.isWorker) await live(JSON.parse(process.env['TASK'] as string) as Task, clusterParent());
else raise();

function raise(): void {
  const [kind, count, root] = process.argv.slice(2) as [string, string, string];
  const tasks = Array.from({ length: Number(count) }, (_, member) => ({
    member,
    count: Number(count),
    root,
  }));
  const members =
    kind === 'cluster'
      ? tasks.map((task) => cluster.fork({ TASK: JSON.stringify(task) }))
      : tasks.map((workerData) => new Worker(new URL(import.meta.url), { workerData }));
  const steps: Record<Step, number> = { 'has name': 0, 'has written': 0 };
  for (const member of members) {
    (member as Worker).on('message', (message: FromMember) => {
      if (typeof message !== 'string') return console.log(JSON.stringify(message));
      steps[message] += 1;
      if (steps[message] < members.length) return;
      for (const each of members) 'postMessage' in each ? each.postMessage(message) : each.send(message);
    });
  }
}

async function live({ member, count, root }: Task, parent: Parent): Promise<void> {
  const wish = createMailslot('family/prize', { root });
  const prize = await wish.then(
    () => 'owner',
    (error: MailslotError) => error.code,
  );
  const slot = await createMailslot(`family/${member}`, { root });
  const named = parent.all('has name');
  parent.send('has name');
  await named;
  for (let other = 0; other < count; other += 1) {
    const client = await openMailslot(`family/${other}`, { root });
    await client.write(`from ${member}`);
    await client.close();
  }
  const written = parent.all('has written');
  parent.send('has written');
  await written;
  const received: string[] = [];
  for (let next = slot.tryRead(); next; next = slot.tryRead()) received.push(next.text());
  parent.send({ member, prize, received: received.sort() });
  await slot.close();
  if (prize === 'owner') await (await wish).close();
  process.disconnect?.();
  parentPort?.close();
}

function threadParent(): Parent {
  return {
    send: (message) => parentPort?.postMessage(message),
    all: (step) =>
      new Promise((resolve) => parentPort?.on('message', (message) => message === step && resolve())),
  };
}

function clusterParent(): Parent {
  return {
    send: (message) => process.send?.(message),
    all: (step) =>
      new Promise((resolve) => process.on('message', (message) => message === step && resolve())),
  };
}
