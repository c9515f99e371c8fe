// The pages: plain HTML, whole by keyboard, no script.

import { LEVELS, METHODS } from './levels.js';
import { LANGUAGE_NAMES, TEXTS } from './texts.js';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => ESCAPES[sign]);

function query(parameters) {
  return safe(`?${new URLSearchParams(parameters)}`);
}

function languages(language, parameters) {
  const links = Object.entries(LANGUAGE_NAMES).map(([code, name]) => {
    const current = code === language ? ' aria-current="true"' : '';
    return `<li><a href="${query({ ...parameters, lang: code })}" lang="${code}" hreflang="${code}"${current}>${name}</a></li>`;
  });
  return `<nav aria-label="${TEXTS[language].languages}"><ul class="languages">${links.join('')}</ul></nav>`;
}

function page(language, heading, content, parameters) {
  const texts = TEXTS[language];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(heading)} · Suomi.fi</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><div class="width bar"><p class="brand">Suomi.fi <span>${texts.title}</span></p>${parameters ? languages(language, parameters) : ''}</div></header>
<main class="width">
<p class="test">${texts.test}</p>
<h1>${safe(heading)}</h1>
${content}
</main>
</body>
</html>`;
}

function cancelForm(language) {
  return `<form method="post" action="cancel"><button type="submit" class="plain">${TEXTS[language].cancel}</button></form>`;
}

/** First page: which method. */
export function methodPage({ language, serviceName }) {
  const texts = TEXTS[language];
  const choices = Object.keys(METHODS).map(
    (method) => `<li><a class="card" href="${query({ method, lang: language })}">${texts[method]}</a></li>`,
  );
  const content = `<p>${texts.service}: <strong>${safe(serviceName)}</strong></p>
<ul class="cards">${choices.join('')}</ul>${cancelForm(language)}`;
  return page(language, texts.chooseMethod, content, {});
}

function personRow(person, language) {
  const texts = TEXTS[language];
  const story = person[`story_${language}`] ?? person.story_en;
  const level = `${texts.level}: ${LEVELS[person.level].split('/').pop()}`;
  const code = person.personal_id ?? texts.noCode;
  return `<li><button type="submit" name="person" value="${safe(person.key)}" class="card person">
<span class="name">${safe(person.given_names)} ${safe(person.family_name)}</span>
<span>${safe(story)}</span><span class="fine">${safe(code)} · ${safe(level)}</span></button></li>`;
}

function matches(person, language, words) {
  const text = `${person.given_names} ${person.family_name} ${person.story_fi} ${person[`story_${language}`] ?? person.story_en}`;
  return words.every((word) => text.toLowerCase().includes(word));
}

/** Second page: who. */
export function personPage({ language, method, people, find }) {
  const texts = TEXTS[language];
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...people.values()].filter((person) => matches(person, language, words));
  const rows = found.map((person) => personRow(person, language)).join('');
  const list = rows ? `<ul class="cards wide">${rows}</ul>` : `<p>${texts.none}</p>`;
  const content = `<p>${texts.method}: <strong>${texts[method]}</strong> <a href="${query({ lang: language })}">${texts.back}</a></p>
<form method="get" class="find" role="search"><input type="hidden" name="method" value="${method}">
<input type="hidden" name="lang" value="${language}"><label for="find">${texts.find}</label>
<input id="find" name="find" type="search" autocomplete="off" value="${safe(find)}"><button type="submit">${texts.search}</button></form>
<form method="post" action="identify"><input type="hidden" name="method" value="${method}">${list}</form>${cancelForm(language)}`;
  return page(language, texts.choosePerson, content, { method, find });
}

/** When the request itself cannot be answered. */
export function errorPage(language, code) {
  const texts = TEXTS[language];
  return page(language, texts.error, `<p>${texts.errorText}</p><p class="fine">${safe(code)}</p>`, null);
}
