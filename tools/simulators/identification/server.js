// The process's HTTP face: the provider, the visitor's pages, and switches for tests.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { LEVELS, METHODS } from './levels.js';
import { errorPage, methodPage, personPage } from './pages.js';
import { languageOf } from './texts.js';

const STYLE = readFileSync(fileURLToPath(new URL('style.css', import.meta.url)));
const SLOW_MS = 8000;
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

function send(response, status, type, body) {
  response.writeHead(status, { ...HEADERS, 'Content-Type': type });
  response.end(body);
}

const sendHtml = (response, status, html) => send(response, status, 'text/html; charset=utf-8', html);
const sendJson = (response, status, value) => send(response, status, 'application/json', JSON.stringify(value));

async function readBody(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 10_000) throw new RangeError('too long');
  }
  return text;
}

/** Each identification stands alone: who was identified in this browser before is forgotten. */
function forgetSession(request) {
  const kept = (request.headers.cookie ?? '').split(/;\s*/).filter((cookie) => !cookie.startsWith('idp_session'));
  request.headers.cookie = kept.join('; ');
}

/** How the provider shows an error it cannot send back to the client. */
export async function renderError(ctx, out) {
  ctx.type = 'html';
  ctx.set(HEADERS);
  ctx.body = errorPage(languageOf(ctx.query.lang, ctx.query.ui_locales), out.error);
}

class Visits {
  constructor(provider, people) {
    this.provider = provider;
    this.people = people;
  }

  async show(request, response, url) {
    const { params } = await this.provider.interactionDetails(request, response);
    const language = languageOf(url.searchParams.get('lang'), params.ui_locales);
    const method = url.searchParams.get('method');
    const find = (url.searchParams.get('find') ?? '').slice(0, 100);
    const html = Object.hasOwn(METHODS, method ?? '')
      ? personPage({ language, method, people: this.people, find })
      : methodPage({ language, serviceName: params.ftn_spname ?? params.client_id });
    sendHtml(response, 200, html);
  }

  async cancel(request, response) {
    await this.finish(request, response, { error: 'access_denied', error_description: 'user cancel' });
  }

  async identify(request, response) {
    const form = new URLSearchParams(await readBody(request));
    const person = this.people.get(form.get('person'));
    const method = METHODS[form.get('method')];
    if (!person || !method) return sendHtml(response, 400, errorPage('fi', 'invalid_request'));
    return this.finish(request, response, {
      login: { accountId: person.key, acr: LEVELS[person.level], amr: [method], remember: false },
    });
  }

  async finish(request, response, result) {
    await this.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
}

/** Nobody stays identified here, so a sign-out asks nothing and goes straight back to where the client registered. */
async function signOut(provider, response, url) {
  const client = await provider.Client.find(url.searchParams.get('client_id') ?? '');
  const back = url.searchParams.get('post_logout_redirect_uri') ?? '';
  if (!client?.postLogoutRedirectUriAllowed(back)) return sendHtml(response, 400, errorPage('fi', 'invalid_request'));
  response.writeHead(303, { ...HEADERS, Location: back, 'Set-Cookie': 'idp_session=; Path=/; Max-Age=0; HttpOnly' });
  return response.end();
}

/** An HTTP server around a provider; `faults` is set through POST /control/fault with a JSON body. */
export function createFace(provider, people, faults) {
  const visits = new Visits(provider, people);
  const provide = provider.callback();

  async function control(request, response) {
    // A page of another origin cannot send this content type without asking first.
    if (request.headers['content-type'] !== 'application/json') return sendJson(response, 415, { error: 'json only' });
    const { fault } = JSON.parse(await readBody(request));
    faults.set(fault);
    return sendJson(response, 200, { fault });
  }

  async function route(request, response) {
    const url = new URL(request.url, provider.issuer);
    const { pathname } = url;
    const asked = `${request.method} ${pathname.replace(/^\/visit\/[\w-]+\//, '/visit/*/')}`;
    if (asked === 'GET /health') return sendJson(response, 200, { status: 'ok' });
    if (asked === 'POST /control/fault') return control(request, response);
    if (faults.current === 'down') return sendJson(response, 503, { error: 'temporarily_unavailable' });
    if (faults.current === 'slow' && pathname === '/token') await new Promise((done) => { setTimeout(done, SLOW_MS); });
    if (asked === 'GET /session/end') return signOut(provider, response, url);
    if (asked === 'GET /style.css') return send(response, 200, 'text/css', STYLE);
    if (asked === 'GET /visit/*/') return visits.show(request, response, url);
    if (asked === 'POST /visit/*/cancel') return visits.cancel(request, response);
    if (asked === 'POST /visit/*/identify') return visits.identify(request, response);
    if (pathname === '/auth' || pathname.startsWith('/auth/')) forgetSession(request);
    return provide(request, response);
  }

  return createServer((request, response) => {
    route(request, response).catch((error) => {
      // Only the kind of error: a message could repeat what was sent.
      process.stderr.write(`identification: ${error.name}\n`);
      if (!response.headersSent) sendHtml(response, 400, errorPage('fi', 'invalid_request'));
      else response.end();
    });
  });
}
