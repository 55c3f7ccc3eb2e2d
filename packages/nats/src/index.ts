/// <reference types="node" preserve="true" />
export { natsTransport } from './nats.js';
export { type ComputerSubjects, permissionsOf, subjectsOf } from './subjects.js';
