// What can be made to go wrong, for tests. A fault stays until it is changed.

import { createPublicKey, generateKeyPairSync } from 'node:crypto';

import { CompactEncrypt, SignJWT, importJWK } from 'jose';

export const FAULTS = [
  'none', 'down', 'slow', 'wrong_nonce', 'old_login', 'wrong_audience', 'expired', 'unencrypted', 'unknown_key',
  'foreign_encryption', 'wrong_issuer', 'clock_ahead', 'clock_behind', 'clock_a_little_ahead', 'clock_a_little_behind',
  'register_unread',
];
// How far the provider's clock is off, in seconds; 60 are allowed.
const CLOCKS = new Map([
  ['clock_ahead', 120], ['clock_behind', -120], ['clock_a_little_ahead', 40], ['clock_a_little_behind', -40],
]);
const OWN_TOKENS = new Set([
  'wrong_audience', 'expired', 'unencrypted', 'unknown_key', 'foreign_encryption', 'wrong_issuer', ...CLOCKS.keys(),
]);

function newKeyPair() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** The fault that is on. */
export class Faults {
  constructor() {
    this.current = 'none';
  }

  set(name) {
    if (!FAULTS.includes(name)) throw new RangeError('unknown fault');
    this.current = name;
  }

  /** Make the provider's ID tokens carry the fault. */
  attachTo(provider, signingJwk) {
    const faults = this;
    const token = provider.IdToken.prototype;
    const { payload, issue } = token;

    token.payload = async function payloadWithFault() {
      const claims = await payload.call(this);
      if (faults.current === 'wrong_nonce') claims.nonce = 'not-the-nonce-that-was-asked-for-at-all';
      if (faults.current === 'old_login') claims.auth_time = Math.floor(Date.now() / 1000) - 7200;
      if (faults.current === 'register_unread') claims['urn:oid:1.2.246.517.3002.111.2'] = 'false';
      if (CLOCKS.has(faults.current)) claims.auth_time += CLOCKS.get(faults.current);
      return claims;
    };

    token.issue = async function issueWithFault(options) {
      if (!OWN_TOKENS.has(faults.current)) return issue.call(this, options);
      const signed = await sign(await this.payload(), provider.issuer, this.client, signingJwk, faults.current);
      return faults.current === 'unencrypted' ? signed : encrypt(signed, this.client, faults.current);
    };
  }
}

async function sign(payload, issuer, client, signingJwk, fault) {
  const { at_hash: unhashed, ...claims } = payload;
  void unhashed;
  const now = Math.floor(Date.now() / 1000) + (CLOCKS.get(fault) ?? 0);
  const unknown = fault === 'unknown_key';
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: unknown ? 'a-key-nobody-published' : signingJwk.kid })
    .setIssuer(fault === 'wrong_issuer' ? 'https://another-provider.example' : issuer)
    .setAudience(fault === 'wrong_audience' ? 'another-service' : client.clientId)
    .setIssuedAt(now)
    .setExpirationTime(fault === 'expired' ? now - 600 : now + 600)
    .sign(unknown ? newKeyPair().privateKey : await importJWK(signingJwk, 'RS256'));
}

async function encrypt(signed, client, fault) {
  const alg = client.idTokenEncryptedResponseAlg;
  const store = client.asymmetricKeyStore;
  await store.refresh();
  const [jwk] = store.selectForEncrypt({ alg, use: 'enc' });
  const key = fault === 'foreign_encryption' ? createPublicKey(newKeyPair().privateKey) : store.getKeyObject(jwk, true);
  return new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg, enc: client.idTokenEncryptedResponseEnc, cty: 'JWT', kid: jwk.kid })
    .encrypt(key);
}
