// Starts the identification provider of demo and tests. See ../README.md.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Faults } from './faults.js';
import { readPeople } from './people.js';
import { createProvider, newSigningKey } from './provider.js';
import { createFace, renderError } from './server.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    people: { type: 'string' },
    'client-id': { type: 'string', default: 'kelmu' },
    'redirect-uri': { type: 'string', multiple: true },
    'signed-out-uri': { type: 'string', multiple: true, default: [] },
    'client-jwks-url': { type: 'string' },
    'client-jwks-file': { type: 'string' },
    dialect: { type: 'string', default: 'ftn' },
    'key-encryption': { type: 'string', default: 'RSA-OAEP' },
    'content-encryption': { type: 'string', default: 'A256GCM' },
  },
});

function fail(message) {
  process.stderr.write(`identification: ${message}\n`);
  process.exit(2);
}

if (!/^\d+$/.test(values.port ?? '')) fail('--port is missing');
if (!values.people || !values['redirect-uri']) fail('--people and --redirect-uri are needed');
if (Boolean(values['client-jwks-url']) === Boolean(values['client-jwks-file'])) {
  fail('give one of --client-jwks-url and --client-jwks-file');
}

const people = readPeople(values.people);
const signingKey = await newSigningKey();
const provider = await createProvider(
  {
    issuer: `http://localhost:${values.port}`,
    clientId: values['client-id'],
    redirectUris: values['redirect-uri'],
    signedOutUris: values['signed-out-uri'],
    clientJwksUrl: values['client-jwks-url'],
    clientJwks: values['client-jwks-file'] && JSON.parse(readFileSync(values['client-jwks-file'], 'utf8')),
    dialect: values.dialect,
    keyEncryption: values['key-encryption'],
    contentEncryption: values['content-encryption'],
    cookieSecret: randomBytes(32).toString('hex'),
    renderError,
  },
  people,
  signingKey,
);
const faults = new Faults();
faults.attachTo(provider, signingKey);

const face = createFace(provider, people, faults);
face.on('error', (error) => fail(error.code === 'EADDRINUSE' ? `port ${values.port} is taken` : error.code));
face.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`ready http://localhost:${values.port}\n`);
});

function stop() {
  face.close();
  face.closeAllConnections();
  process.stdin.destroy();
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
// The starter holds the other end: when it is gone, so are we.
process.stdin.on('end', stop).resume();
