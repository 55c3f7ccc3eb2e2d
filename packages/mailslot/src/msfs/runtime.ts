/** Whether sockets read into buffers of ours (`onread`): Node's do, those of Bun and Deno are of their own kind. */
export const hasOnread: boolean =
  process.versions['bun'] === undefined && process.versions['deno'] === undefined;
