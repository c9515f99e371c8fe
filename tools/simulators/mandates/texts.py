"""What the selection page says, in the three languages."""

from __future__ import annotations

LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}

TEXTS: dict[str, dict[str, str]] = {
    "fi": {
        "service": "Valtuudet",
        "title": "Valitse organisaatiot, joiden puolesta asioit",
        "test": "Testiympäristö. Kaikki organisaatiot ja henkilöt ovat keksittyjä.",
        "legend": "Organisaatiot, joissa sinulla on valtuus",
        "business_id": "Y-tunnus",
        "represented": "edustat organisaatiota edustamisvaltuudella",
        "none": "Sinulla ei ole valtuutta asioida minkään organisaation puolesta.",
        "continue": "Jatka asiointiin",
        "cancel": "Peruuta ja palaa palveluun",
        "missing": "Valitse vähintään yksi organisaatio.",
        "ended": "Valinta on vanhentunut. Palaa palveluun ja aloita alusta.",
        "languages": "Kieli",
    },
    "sv": {
        "service": "Fullmakter",
        "title": "Välj de organisationer för vilka du uträttar ärenden",
        "test": "Testmiljö. Alla organisationer och personer är påhittade.",
        "legend": "Organisationer där du har fullmakt",
        "business_id": "FO-nummer",
        "represented": "du företräder organisationen med representationsfullmakt",
        "none": "Du har inte fullmakt att uträtta ärenden för någon organisation.",
        "continue": "Fortsätt",
        "cancel": "Avbryt och återgå till tjänsten",
        "missing": "Välj minst en organisation.",
        "ended": "Valet har föråldrats. Gå tillbaka till tjänsten och börja om.",
        "languages": "Språk",
    },
    "en": {
        "service": "e-Authorizations",
        "title": "Choose the organisations you act for",
        "test": "Test environment. All organisations and persons are invented.",
        "legend": "Organisations in which you hold a mandate",
        "business_id": "Business ID",
        "represented": "you represent the organisation by a representation mandate",
        "none": "You hold no mandate to act for any organisation.",
        "continue": "Continue",
        "cancel": "Cancel and return to the service",
        "missing": "Choose at least one organisation.",
        "ended": "The choice is too old. Return to the service and start again.",
        "languages": "Language",
    },
}


def language_of(asked: str | None) -> str:
    """A language this page speaks; Finnish for any other."""
    return asked if asked in TEXTS else "fi"
