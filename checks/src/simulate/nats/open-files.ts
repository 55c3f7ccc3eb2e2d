/** What a process has open beside its connections. */
const SPARE = 100;

/** Throws if no process may have so many connections: the server has all of them. */
export function checkOpenFiles(connections: number): void {
  const allowed = openFilesAllowed();
  const needed = connections + SPARE;
  if (allowed >= needed) return;
  throw new Error(
    `${connections} computers are as many connections of one server, which needs ${needed} open files, and a process ` +
      `here may have ${allowed}: raise it ("ulimit -n ${needed}" as root) or say --computers ${Math.max(1, allowed - SPARE)}`,
  );
}

/** Node and nats-server raise their own limit as far as the system lets them. */
function openFilesAllowed(): number {
  const { userLimits } = process.report.getReport() as unknown as {
    readonly userLimits?: { readonly open_files?: { readonly hard: number | 'unlimited' } };
  };
  const hard = userLimits?.open_files?.hard;
  return typeof hard === 'number' ? hard : Number.POSITIVE_INFINITY;
}
