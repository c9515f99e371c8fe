// What the pages say, in the three languages.

export const TEXTS = {
  fi: {
    title: 'Tunnistautuminen',
    test: 'Testiympäristö. Kaikki henkilöt ovat keksittyjä.',
    service: 'Tunnistaudut palveluun',
    chooseMethod: 'Valitse tunnistustapa',
    bank: 'Pankkitunnus',
    mobile: 'Mobiilivarmenne',
    card: 'Varmennekortti',
    choosePerson: 'Valitse testihenkilö',
    method: 'Tunnistustapa',
    find: 'Hae nimellä tai kuvauksella',
    search: 'Hae',
    none: 'Yhtään testihenkilöä ei löytynyt. Kokeile toista hakusanaa.',
    identify: 'Tunnistaudu',
    back: 'Vaihda tunnistustapa',
    cancel: 'Peruuta ja palaa palveluun',
    level: 'Varmuustaso',
    noCode: 'ei suomalaista henkilötunnusta',
    error: 'Tunnistautuminen ei onnistunut',
    errorText: 'Palvelun pyyntö oli virheellinen tai vanhentunut. Palaa palveluun ja aloita alusta.',
    languages: 'Kieli',
  },
  sv: {
    title: 'Identifiering',
    test: 'Testmiljö. Alla personer är påhittade.',
    service: 'Du identifierar dig i tjänsten',
    chooseMethod: 'Välj identifieringssätt',
    bank: 'Bankkoder',
    mobile: 'Mobilcertifikat',
    card: 'Certifikatkort',
    choosePerson: 'Välj testperson',
    method: 'Identifieringssätt',
    find: 'Sök med namn eller beskrivning',
    search: 'Sök',
    none: 'Ingen testperson hittades. Pröva ett annat sökord.',
    identify: 'Identifiera dig',
    back: 'Byt identifieringssätt',
    cancel: 'Avbryt och återgå till tjänsten',
    level: 'Tillitsnivå',
    noCode: 'ingen finländsk personbeteckning',
    error: 'Identifieringen misslyckades',
    errorText: 'Tjänstens begäran var felaktig eller föråldrad. Gå tillbaka till tjänsten och börja om.',
    languages: 'Språk',
  },
  en: {
    title: 'Identification',
    test: 'Test environment. All persons are invented.',
    service: 'You are identifying yourself to the service',
    chooseMethod: 'Select the identification method',
    bank: 'Online banking codes',
    mobile: 'Mobile certificate',
    card: 'Certificate card',
    choosePerson: 'Select a test person',
    method: 'Identification method',
    find: 'Search by name or description',
    search: 'Search',
    none: 'No test person was found. Try another word.',
    identify: 'Identify yourself',
    back: 'Change the identification method',
    cancel: 'Cancel and return to the service',
    level: 'Level of assurance',
    noCode: 'no Finnish personal identity code',
    error: 'Identification failed',
    errorText: 'The request of the service was faulty or too old. Return to the service and start again.',
    languages: 'Language',
  },
};

export const LANGUAGE_NAMES = { fi: 'Suomi', sv: 'Svenska', en: 'English' };

/** The first known language of the address or of the request's `ui_locales`; Finnish otherwise. */
export function languageOf(asked, locales) {
  const wanted = [asked, ...(locales ?? '').split(' ')].map((tag) => (tag ?? '').slice(0, 2));
  return wanted.find((tag) => tag in TEXTS) ?? 'fi';
}
