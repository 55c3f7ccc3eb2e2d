// What a command starts when it needs a redirector and none runs: `node redirector-process.cjs ROOT`, which brings NATS.
import { natsTransport } from '@mailslot/nats';
import { runUntilIdle } from 'mailslot/domains';

void runUntilIdle(process.argv[2], natsTransport);
