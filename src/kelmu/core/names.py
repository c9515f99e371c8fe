"""Names in the three languages of the service."""

from __future__ import annotations

from dataclasses import dataclass

from kelmu.core.formats import known_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something with a name in Finnish, Swedish and English."""

    name_fi: str
    name_sv: str
    name_en: str

    def name(self, language: str) -> str:
        """The name in ``fi``, ``sv`` or ``en`` (``sv-fi`` counts as ``sv``); any other gets Finnish."""
        return {"fi": self.name_fi, "sv": self.name_sv, "en": self.name_en}[known_language(language)]
