"""Gemeinsame Daten der Prüfungen."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

FAELLE = Path(__file__).parent / "faelle"
WURZEL = Path(__file__).parents[2]


def lies_faelle(name):
    return yaml.safe_load((FAELLE / name).read_text(encoding="utf-8"))


def mss(jahr):
    datei = WURZEL / "daten" / "berlin" / "amtlich" / f"mss_{jahr}_planungsraeume.csv"
    tabelle = pd.read_csv(datei, dtype={"plr_id": str}).set_index("plr_id")
    tabelle.index.name = "gebiet"
    return tabelle


def gebiete(n):
    return pd.Index([f"{i:03}" for i in range(n)], name="gebiet")


@pytest.fixture
def drei_gruppen():
    """30 Gebiete in drei klar getrennten Gruppen, ein Sonderfall, eine Lücke."""
    rng = np.random.default_rng(3)
    mitten = ((0, 0, 0), (6, 0, 4), (0, 6, 5))
    werte = np.vstack([rng.normal(m, 1, size=(10, 3)) for m in mitten])
    tabelle = pd.DataFrame(werte, columns=["B01", "J09", "K08"], index=gebiete(30))
    tabelle.iloc[3] = [20.0, 20.0, 20.0]
    tabelle.iloc[5, 0] = np.nan
    return tabelle


@pytest.fixture
def lage():
    rng = np.random.default_rng(7)
    werte = rng.gamma(3, size=(30, 3)) + rng.normal(0, 0.1, size=(30, 3))
    return pd.DataFrame(werte, columns=["A03", "B05", "B11"], index=gebiete(30))
