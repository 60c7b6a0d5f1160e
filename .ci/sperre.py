"""Schreibt `requirements.lock` und `requirements-test.lock` neu (braucht uv).

Aufruf: `make sperre`. Die zweite Datei enthält nur, was die Tests zusätzlich
brauchen; beide tragen Prüfsummen und keine Adressen von Paketservern.
"""

import re
import subprocess
import tempfile
from pathlib import Path

WURZEL = Path(__file__).resolve().parent.parent
OPTIONEN = [
    "--universal",
    "--python-version=3.11",
    "--fork-strategy=fewest",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--quiet",
]
KOPF = (
    "# Geschrieben von `make sperre` aus pyproject.toml ({extras}).\n"
    "# Die eine Quelle der Versionen: nicht von Hand ändern.\n"
)


def loese_auf(ziel: Path, *argumente: str) -> str:
    """Löst pyproject.toml auf und gibt den Inhalt der Sperrdatei zurück."""
    befehl = ["uv", "pip", "compile", "pyproject.toml", *argumente, *OPTIONEN]
    subprocess.run([*befehl, "-o", str(ziel)], cwd=WURZEL, check=True)
    return ziel.read_text(encoding="utf-8")


def pakete(text: str) -> dict[str, str]:
    """Zerlegt eine Sperrdatei in Paketname → Eintrag (mit Prüfsummen)."""
    eintraege = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return {e.split("==")[0].lower(): e.rstrip() for e in eintraege if "==" in e}


def version(eintrag: str) -> str:
    """Name und Version eines Eintrags, ohne Bedingungen und Prüfsummen."""
    return eintrag.split(maxsplit=1)[0]


def main() -> None:
    """Schreibt beide Sperrdateien."""
    lauf_datei = WURZEL / "requirements.lock"
    with tempfile.TemporaryDirectory() as ordner:
        lauf = pakete(loese_auf(Path(ordner, "lauf"), "--extra=bau"))
        nur_lauf = Path(ordner, "grenzen")
        nur_lauf.write_text("\n".join(lauf.values()), encoding="utf-8")
        alles = pakete(loese_auf(Path(ordner, "test"), "--all-extras", f"-c{nur_lauf}"))
    anders = [
        n for n in lauf if n not in alles or version(alles[n]) != version(lauf[n])
    ]
    if anders:
        raise SystemExit(f"Testwerkzeuge verlangen andere Laufzeitversionen: {anders}")
    zusatz = {n: e for n, e in alles.items() if n not in lauf}
    for datei, eintraege, extras in (
        (lauf_datei, lauf, "Laufzeit und Bau"),
        (
            WURZEL / "requirements-test.lock",
            zusatz,
            "nur was Tests zusätzlich brauchen",
        ),
    ):
        inhalt = KOPF.format(extras=extras) + "\n".join(
            eintraege[n] for n in sorted(eintraege)
        )
        datei.write_text(inhalt + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
