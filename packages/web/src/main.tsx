import { render } from 'preact';
import { Actions } from './actions.js';
import { Client } from './client.js';
import { startKeyboard } from './keyboard.js';
import { follow } from './live.js';
import { App } from './parts/app.js';
import { takeToken } from './session.js';
import { connection } from './store.js';
import { Tabs } from './tabs.js';
import { startTitle } from './title.js';

const token = takeToken();
const client = new Client(token ?? '');
const actions = new Actions(client);

render(<App actions={actions} />, document.body);
startTitle();
if (token === undefined) connection.value = 'missing';
else {
  startKeyboard(actions);
  for (const event of ['focus', 'visibilitychange']) addEventListener(event, () => actions.lookedAt(), true);
  void follow(client, new Tabs(token), {
    reloaded: () => actions.loadLatest(),
    came: (notes) => actions.came(notes),
  });
}
// A link with a new token, opened in this very tab.
addEventListener('hashchange', () => location.reload());
