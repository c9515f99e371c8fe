// The certified OpenID Provider configured to the Finnish Trust Network profile (Traficom 213/2023 S):
// signed request object, private_key_jwt, encrypted ID token, levels of assurance, attribute-identifier claims.

import { generateKeyPairSync } from 'node:crypto';

import { exportJWK, calculateJwkThumbprint } from 'jose';
import Provider from 'oidc-provider';

import { LEVELS } from './levels.js';

const CLAIM_NAMES = {
  ftn: {
    personal_id: 'urn:oid:1.2.246.21',
    family_name: 'urn:oid:2.5.4.4',
    given_names: 'urn:oid:1.2.246.575.1.14',
    display_name: 'urn:oid:2.16.840.1.113730.3.1.241',
  },
  op: {
    personal_id: 'personal_identity_code',
    family_name: 'family_name',
    given_names: 'given_name',
    display_name: 'name',
  },
  suomifi: {
    personal_id: 'urn:oid:1.2.246.21',
    family_name: 'urn:oid:2.5.4.4',
    given_names: 'http://eidas.europa.eu/attributes/naturalperson/CurrentGivenName',
    display_name: 'urn:oid:2.16.840.1.113730.3.1.241',
  },
};

/** One RSA signing key in JWK form, its name the RFC 7638 thumbprint. */
export async function newSigningKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, use: 'sig', alg: 'RS256', kid: await calculateJwkThumbprint(jwk) };
}

function claimsOf(person, dialect) {
  const names = CLAIM_NAMES[dialect];
  const claims = {
    [names.family_name]: person.family_name,
    [names.given_names]: person.given_names,
    [names.display_name]: `${person.family_name} ${person.given_names}`,
  };
  if (person.personal_id) claims[names.personal_id] = person.personal_id;
  return claims;
}

function client(options) {
  const keys = options.clientJwksUrl ? { jwks_uri: options.clientJwksUrl } : { jwks: options.clientJwks };
  return {
    client_id: options.clientId,
    application_type: 'web',
    redirect_uris: options.redirectUris,
    post_logout_redirect_uris: options.signedOutUris,
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS256',
    request_object_signing_alg: 'RS256',
    require_signed_request_object: true,
    id_token_signed_response_alg: 'RS256',
    id_token_encrypted_response_alg: options.keyEncryption,
    id_token_encrypted_response_enc: options.contentEncryption,
    ...keys,
  };
}

/** A grant for what was asked: identification has no consent page. */
async function grantWithoutAsking(ctx) {
  const { client: asking, session, params, provider } = ctx.oidc;
  const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope);
  await grant.save();
  return grant;
}

/** Everyone the provider knows signs in anew each time and is known to a client by a random name. */
export async function createProvider(options, people, signingKey) {
  const names = CLAIM_NAMES[options.dialect];
  const provider = new Provider(options.issuer, {
    clients: [client(options)],
    jwks: { keys: [signingKey] },
    cookies: {
      keys: [options.cookieSecret],
      names: { session: 'idp_session', interaction: 'idp_visit', resume: 'idp_resume' },
    },
    acrValues: Object.values(LEVELS),
    scopes: ['openid'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time', ...Object.values(names)] },
    conformIdTokenClaims: false,
    extraParams: ['ftn_spname', 'ftn_idp_id'],
    features: {
      devInteractions: { enabled: false },
      encryption: { enabled: true },
      requestObjects: { enabled: true, requireSignedRequestObject: true },
      rpInitiatedLogout: { enabled: true },
      userinfo: { enabled: false },
    },
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256'],
      requestObjectSigningAlgValues: ['RS256'],
      clientAuthSigningAlgValues: ['RS256'],
      idTokenEncryptionAlgValues: ['RSA-OAEP', 'RSA-OAEP-256'],
      idTokenEncryptionEncValues: ['A128CBC-HS256', 'A128GCM', 'A256GCM'],
    },
    clientAuthMethods: ['private_key_jwt'],
    ttl: { AuthorizationCode: 60, AccessToken: 600, IdToken: 600, Interaction: 1800, Session: 600, Grant: 600 },
    interactions: { url: (_ctx, interaction) => `/visit/${interaction.uid}/` },
    loadExistingGrant: grantWithoutAsking,
    // The client's key set lies on this machine, which the provider's own guard against inner networks refuses.
    fetch: (address, { dispatcher: _guard, ...init }) => fetch(address, init),
    findAccount: (_ctx, id) => {
      const person = people.get(id);
      return person && { accountId: id, claims: () => ({ sub: id, ...claimsOf(person, options.dialect) }) };
    },
    renderError: options.renderError,
  });
  return provider;
}
