// Builds the page into packages/cli/dist/web: static files with hashed names, and nothing from anywhere else.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({ configFile: fileURLToPath(new URL('vite.config.js', import.meta.url)) });
