/** A server has one block for all, so one for this computer alone would lock out the others. */
export function permissionsRemedy(computer: string, domain: string): string {
  return (
    'make the block for the server again, with all computers and domains at once: ' +
    `"mailslot nats permissions ${computer} … --domain ${domain} …"`
  );
}

export const RAISE_MAX_PAYLOAD: string =
  'set "max_payload: 1MB", which is the default, in the configuration of the server';

/** Only the server knows who sends what bears no true seal. */
export const FIND_SENDER: string =
  'look who sends so much, in /connz of the server ("http: 127.0.0.1:8222" in its configuration); with a user for each ' +
  'computer and what "mailslot nats permissions" prints, only they can send';
