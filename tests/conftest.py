"""A small library that is asked questions: made once, of documents written here, with the real model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.library.indexing import ingest
from assistant.settings import Settings

# The same examples on every run and machine; `--hypothesis-profile=search` looks for new ones, for minutes.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("search", max_examples=3000, deadline=None)
hypothesis_settings.load_profile("same")

VETTING = """---
title: Vetting of officers
kind: practice-note
publisher: Test press
year: 2021
organisations: [United Nations]
---

# Vetting of officers

## What vetting means

What does vetting do? Vetting is a formal check of a person's past conduct, made before that person may hold a public
post. It protects the public from known abusers. Vetting differs from lustration, which bars whole groups.

## How vetting is done

A vetting process has four steps:

- A census registers every serving officer.
- Investigators collect records from courts and villages.
- A board hears each officer and decides.
- An appeal body reviews the decisions.

This section is explained further in the annex. See also the note on police reform.
"""
LIBERIA = """---
title: "Liberia: a new police"
kind: case-study
publisher: Test press
year: 2022
country: [Liberia]
mission: [UNMIL]
---

# Liberia: a new police

## How the Liberia National Police was rebuilt

The Liberia National Police (LNP) was vetted and retrained by the United Nations Mission in Liberia (UNMIL) from 2004.
The mission trained 3,500 officers of the Liberia National Police by July 2007. Donors paid for the barracks of the
Liberia National Police.

## Chronology of reform in Liberia

| Date | Event |
|---|---|
| 18 August 2003 | The peace agreement for Liberia is signed in Accra. |
| 19 September 2003 | Resolution 1509 (2003) creates UNMIL. |
| 30 June 2016 | Liberia takes over its own security. |
"""
KOSOVO = """---
title: "Kosovo: police under administration"
kind: case-study
publisher: Test press
year: 2023
country: [Kosovo]
mission: [UNMIK]
---

# Kosovo: police under administration

## How the Kosovo police school worked

The Kosovo police school opened in Vushtrri in September 1999 and was run by the OSCE. The school trained recruits of
all communities side by side.[^1] The police of Kosovo became a multi-ethnic service.

[^1]: Quarterly log of its classes, third binder.
"""
RESOLUTION = """---
title: Resolution 2151 (2014)
kind: resolution
symbol: S/RES/2151 (2014)
publisher: United Nations Security Council
year: 2014
---

# Resolution 2151 (2014)

1. Reaffirms the importance of security sector reform (SSR) in the stabilization of States after conflict, and resolves
to include it in the mandates of peacekeeping operations, as appropriate and in the light of the needs of each host
country and its people, who must own the reform;

2. Encourages Member States to mainstream child protection in military training, in standard operating procedures and in
guidance, to set up child protection units in security forces and to protect schools and hospitals from attack;

3. Decides to remain seized of the matter.
"""
DOCUMENTS = {
    "doctrine/vetting.md": VETTING,
    "cases/liberia.md": LIBERIA,
    "cases/kosovo.md": KOSOVO,
    "resolutions/2151.md": RESOLUTION,
}


@pytest.fixture(scope="session")
def asked_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the small library, which is made here."""
    folder = tmp_path_factory.mktemp("asked")
    for source, text in DOCUMENTS.items():
        path: Path = folder / "corpus" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = Settings(corpus=folder / "corpus", library=folder / "library")
    ingest(settings)
    return settings


@pytest.fixture(scope="session")
def assistant(asked_settings: Settings) -> Iterator[Assistant]:
    opened = Assistant.open(asked_settings)
    yield opened
    opened.library.close()


@pytest.fixture(scope="session")
def asked_library(assistant: Assistant) -> Library:
    return assistant.library
