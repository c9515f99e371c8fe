// The test persons, as the cast has them. Only artificial identity codes (individual number 900 to 999).

import { readFileSync } from 'node:fs';

import { LEVELS } from './levels.js';

const ARTIFICIAL = /^\d{6}[-+A-FU-Y]9\d{2}[0-9A-FHJ-NPR-Y]$/;

/** Persons by key. Throws when one has a code that could be a real person's, or an unknown level. */
export function readPeople(path) {
  const { persons } = JSON.parse(readFileSync(path, 'utf8'));
  const people = new Map();
  for (const person of persons) {
    if (person.personal_id && !ARTIFICIAL.test(person.personal_id)) {
      throw new Error(`person ${person.key}: the identity code is not artificial`);
    }
    if (!(person.level in LEVELS)) throw new Error(`person ${person.key}: unknown level`);
    people.set(person.key, person);
  }
  return people;
}
