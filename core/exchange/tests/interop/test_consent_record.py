"""Other people's tools read our consent records: JSON Schema judges them as we do, JSON-LD finds DPV's own terms.

Started by `cargo xtask test` at the root of the repository. Nothing is fetched: the one context is the local file.
"""

import json
import pathlib

import jsonschema
from pyld import jsonld

SPEC = pathlib.Path("spec")
VECTORS = SPEC / "vectors" / "consent-record"
DPV, PD, ANNING = "https://w3id.org/dpv#", "https://w3id.org/dpv/pd#", "https://example.org/anning/ns#"


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


schema = load(SPEC / "consent-record.schema.json")
jsonschema.Draft202012Validator.check_schema(schema)
judge = jsonschema.Draft202012Validator(schema)
context = load(SPEC / "consent-record.context.jsonld")


def local(url, _options):
    assert url == "https://example.org/anning/spec/consent-record.context.jsonld", url
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}


def names(node):
    """Every property and every term that stands for something, in full."""
    if isinstance(node, list):
        for item in node:
            yield from names(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("@id", "@type"):
                yield from value if isinstance(value, list) else [value]
            elif not key.startswith("@"):
                yield key
            yield from names(value)


def one(node, key):
    (value,) = node[key]
    return value


records = [load(VECTORS / case["file"]) for case in load(VECTORS / "expected.json")]
for record in records:
    judge.validate(record)
    (expanded,) = jsonld.expand(record, {"documentLoader": local})
    assert expanded["@type"] == [DPV + "ConsentRecord"]
    status = one(expanded, DPV + "hasConsentStatus")
    assert status["@type"] == [DPV + record["dpv:hasConsentStatus"]["@type"].removeprefix("dpv:")]
    assert one(status, DPV + "isIndicatedAtTime")["@type"] == "http://www.w3.org/2001/XMLSchema#dateTime"
    process = one(expanded, DPV + "hasProcess")
    assert all(purpose["@id"].startswith((DPV, ANNING)) for purpose in process[DPV + "hasPurpose"])
    assert all(data["@id"].startswith(PD) for data in process.get(DPV + "hasPersonalData", []))
    # Nothing that we write was dropped for want of a meaning.
    written = [name for name in json.dumps(record).split('"') if name.startswith(("dpv:", "pd:", "anning:", "dct:"))]
    full = set(names(expanded))
    for name in written:
        prefix, term = name.split(":", 1)
        iri = context["@context"][prefix] + term
        assert iri in full, name
    # And it is a graph: as many triples as a processor can make of it.
    assert jsonld.to_rdf(record, {"documentLoader": local})["@default"]

broken = load(VECTORS / "broken.json")
for case in broken:
    assert judge.is_valid(case["record"]) != case["schema_refuses"], case["what"]
print(f"{len(records)} records valid and expanded to DPV, {len(broken)} broken ones judged as we do")
