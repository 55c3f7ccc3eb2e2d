import { isIP } from 'node:net';
import { MAX_SERVER_PAYLOAD, MAX_TOLD_SERVERS } from './limits.js';
import { ProtocolBreach } from './trouble.js';

/** Longer than any that NATS servers make. */
const TEXT_MAX = 1_024;

/**
 * The introduction of a server as the client library may have it, from the text behind its INFO: what the library and we
 * use of it, each of the type and size that it should have. Throws {@link ProtocolBreach}.
 */
export function introduction(text: string): Buffer {
  const said = objectIn(text);
  const { max_payload: maxPayload, connect_urls: servers } = said;
  const version = textOf(said, 'version') ?? '';
  if (!/\d+\.\d+\.\d+/.test(version)) throw new ProtocolBreach('an introduction without a version');
  if (typeof maxPayload !== 'number' || !Number.isSafeInteger(maxPayload) || maxPayload < 1)
    throw new ProtocolBreach('an introduction without a max_payload');
  const info = {
    server_id: textOf(said, 'server_id'),
    server_name: textOf(said, 'server_name'),
    version,
    proto: typeof said['proto'] === 'number' ? said['proto'] : undefined,
    headers: said['headers'] === true,
    max_payload: Math.min(maxPayload, MAX_SERVER_PAYLOAD),
    nonce: textOf(said, 'nonce'),
    auth_required: said['auth_required'] === true,
    tls_required: said['tls_required'] === true,
    tls_available: said['tls_available'] === true,
    ldm: said['ldm'] === true,
    connect_urls: Array.isArray(servers) ? servers.filter(isAddress).slice(0, MAX_TOLD_SERVERS) : undefined,
  };
  return Buffer.from(`INFO ${JSON.stringify(info)}\r\n`);
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    // One byte is one character here.
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // It is not JSON.
  }
  throw new ProtocolBreach('an introduction that is no JSON object');
}

function textOf(said: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = said[name];
  return typeof value === 'string' && value.length <= TEXT_MAX ? value : undefined;
}

/** `host:port`, `[address]:port`. What is none would end the client library's reading. */
function isAddress(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > TEXT_MAX) return false;
  const [, address, host, port] = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text) ?? [];
  const isHost = address === undefined ? host !== undefined : isIP(address) === 6;
  return isHost && Number(port) >= 1 && Number(port) <= 65_535 && URL.canParse(`nats://${text}`);
}
