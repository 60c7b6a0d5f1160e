"""`python -m quartierstools` ist dasselbe wie `quartier`."""

from quartierstools.cli import haupt

if __name__ == "__main__":
    haupt()
