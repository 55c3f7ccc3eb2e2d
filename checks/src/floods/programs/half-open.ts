// Opens connections to a page on this computer, without pause, and ends no request: `half-open.js PORT`.
import { connect, type Socket } from 'node:net';

/** More than the server has places for. */
const OPEN_MAX = 1_000;
const AT_ONCE = 100;

const port = Number(process.argv[2]);
const sockets: Socket[] = [];

setInterval(() => {
  for (let count = 0; count < AT_ONCE; count += 1) {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: 127'));
    sockets.push(socket.on('error', () => {}));
  }
  for (const socket of sockets.splice(0, Math.max(0, sockets.length - OPEN_MAX))) socket.destroy();
}, 1);
