import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { runProgram } from '../../support/program.js';

/** A key as operators of NATS make them: an account of users, a user. */
type Pair = ReturnType<typeof nkeys.createUser>;

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');

/** A token as `nsc` writes them: what `by` says of `about`. */
function token(by: Pair, about: Pair, name: string, nats: object): string {
  const claims = { jti: name, iat: 1, iss: by.getPublicKey(), name, sub: about.getPublicKey(), nats };
  const text = [{ typ: 'JWT', alg: 'ed25519-nkey' }, claims]
    .map((part) => base64(JSON.stringify(part)))
    .join('.');
  return `${text}.${base64(by.sign(Buffer.from(text)))}`;
}

/** A user who shows a token that an operator's account signed: the server's configuration, and the user's file. */
export function credentials(): { readonly config: string; readonly file: string } {
  const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()];
  const limits = {
    subs: -1,
    data: -1,
    payload: -1,
    imports: -1,
    exports: -1,
    wildcards: true,
    conn: -1,
    leaf: -1,
  };
  const operatorToken = token(operator, operator, 'O', { type: 'operator', version: 2 });
  const accountToken = token(operator, account, 'A', { type: 'account', version: 2, limits });
  const userToken = token(account, user, 'U', { type: 'user', version: 2, subs: -1, data: -1, payload: -1 });
  const config =
    `operator: ${operatorToken}\nresolver: MEMORY\n` +
    `resolver_preload: { ${account.getPublicKey()}: ${accountToken} }\n`;
  const seed = Buffer.from(user.getSeed()).toString();
  const file =
    `-----BEGIN NATS USER JWT-----\n${userToken}\n------END NATS USER JWT------\n\n` +
    `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
  return { config, file };
}

/** A certificate and its key: paths for a server, and texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certPath: string;
  readonly keyPath: string;
}

/** An authority of one test. */
export class Authority {
  readonly own: Certificate;
  private readonly folder: string;

  constructor(folder: string, name = 'authority') {
    this.folder = folder;
    this.own = make(folder, name, []);
  }

  /** For `alternatives`, as `IP:127.0.0.1,DNS:localhost`. */
  certificate(name: string, alternatives: string): Certificate {
    const { certPath, keyPath } = this.own;
    const by = ['-CA', certPath, '-CAkey', keyPath, '-addext', 'basicConstraints=CA:FALSE'];
    return make(this.folder, name, [...by, '-addext', `subjectAltName=${alternatives}`]);
  }
}

function make(folder: string, name: string, more: readonly string[]): Certificate {
  const [certPath, keyPath] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyPath];
  const request = ['req', '-x509', '-days', '2', '-subj', `/CN=${name}`, ...key, ...more, '-out', certPath];
  const { code, stderr } = runProgram('openssl', request);
  if (code !== 0) throw new Error(`openssl could not make the certificate ${name}: ${stderr}`);
  return { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8'), certPath, keyPath };
}
