import itertools
from itertools import combinations, pairwise

import numpy as np
import pytest

from quartierstools.darstellung import farben
from quartierstools.darstellung.farben import (
    ANKER,
    BLAU,
    GRAU,
    LUECKEN,
    MUSTER,
    PAPIER,
    TINTE,
    TYPEN,
    kontrast,
    leuchtdichte,
    stufenfarben,
)
from quartierstools.fehler import Ausgabefehler

# Machado, Oliveira, Fernandes (2009), Schwere 1,0, auf lineares RGB.
FARBSINN = {
    "protanop": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranop": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanop": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lab(farbe, matrix=None):
    rgb = np.array([int(farbe[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    if matrix is not None:
        linear = np.clip(np.array(matrix) @ linear, 0, 1)
    nach_xyz = np.array(
        [
            [0.4124, 0.3576, 0.1805],
            [0.2126, 0.7152, 0.0722],
            [0.0193, 0.1192, 0.9505],
        ]
    )
    xyz = nach_xyz @ linear / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_kontrast_stimmt_mit_dem_rechenbeispiel_der_wcag():
    # WCAG 2.2, Understanding 1.4.3: #777 auf Weiß liegt knapp unter 4,5 : 1.
    assert round(kontrast("#777777", "#ffffff"), 2) == 4.48
    assert kontrast("#ffffff", "#777777") == kontrast("#777777", "#ffffff")


@pytest.mark.parametrize("grund", [PAPIER, "#f4f6f8", "#fff4d6", "#e3edf7"])
@pytest.mark.parametrize("schrift", [TINTE, GRAU, BLAU])
def test_text_ist_auf_jedem_grund_lesbar(schrift, grund):
    assert kontrast(schrift, grund) >= 4.5


@pytest.mark.parametrize("blick", sorted(ANKER))
@pytest.mark.parametrize("anzahl", range(1, 8))
def test_grenzlinien_heben_sich_von_jeder_stufe_ab(blick, anzahl):
    assert all(kontrast(TINTE, f) >= 3 for f in stufenfarben(anzahl, blick=blick))


def test_grenzlinien_und_schraffuren_heben_sich_von_typen_und_luecken_ab():
    flaechen = [farbe for farbe, _ in TYPEN] + [x.farbe for x in LUECKEN.values()]
    assert all(kontrast(TINTE, farbe) >= 4.5 for farbe in flaechen)
    assert all(kontrast(GRAU, farbe) >= 3 for farbe in flaechen)


@pytest.mark.parametrize("blick", sorted(ANKER))
@pytest.mark.parametrize("anzahl", range(2, 8))
def test_stufen_werden_auch_in_graustufen_gleichmaessig_dunkler(blick, anzahl):
    helligkeit = [lab(f)[0] for f in stufenfarben(anzahl, blick=blick)]
    schritte = -np.diff(helligkeit)
    assert (schritte > 4).all()
    assert schritte.max() < 2 * schritte.min()


@pytest.mark.parametrize("farbsinn", [None, *FARBSINN])
def test_benachbarte_stufen_bleiben_bei_farbenblindheit_verschieden(farbsinn):
    matrix = FARBSINN.get(farbsinn)
    for blick in ANKER:
        farben = [lab(f, matrix) for f in stufenfarben(5, blick=blick)]
        abstaende = [np.linalg.norm(a - b) for a, b in itertools.pairwise(farben)]
        assert min(abstaende) > 8


def test_typen_unterscheiden_sich_auch_ohne_farbe():
    assert len({muster for _, muster in TYPEN}) == len(TYPEN)
    assert {muster for _, muster in TYPEN} <= set(MUSTER)


def test_luecken_haben_je_ein_eigenes_muster_das_kein_typ_traegt():
    muster = {luecke.muster for luecke in LUECKEN.values()}
    assert len(muster) == 3
    assert muster.isdisjoint({m for _, m in TYPEN})
    assert len({luecke.zeichen for luecke in LUECKEN.values()}) == 3


def test_keine_ampelfarben_fuer_orte():
    """Weder kräftiges Rot noch kräftiges Grün: Orte stehen nicht auf Rot."""
    alle = [f for b in ANKER for f in stufenfarben(7, blick=b)] + [f for f, _ in TYPEN]
    for farbe in alle:
        rot, gruen, blau = (int(farbe[i : i + 2], 16) for i in (1, 3, 5))
        assert rot - max(gruen, blau) < 90
        assert gruen - max(rot, blau) < 90


@pytest.mark.parametrize("anzahl", [0, 8])
def test_zu_viele_stufen_werden_abgelehnt(anzahl):
    with pytest.raises(Ausgabefehler, match="Erlaubt sind 1 bis 7"):
        stufenfarben(anzahl)


def test_leuchtdichte_steigt_mit_dem_grauwert():
    grau = [leuchtdichte(f"#{i:02x}{i:02x}{i:02x}") for i in range(256)]
    assert grau == sorted(grau)


# Machado, Oliveira, Fernandes (2009), Stärke 1,0: lineares RGB, was die Zapfen sehen.
SEHWEISEN = {
    "Rotblindheit": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "Grünblindheit": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "Blaublindheit": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def _lab(farbe, matrix=None):
    """CIELAB (D65) einer Farbe, auf Wunsch durch ein anderes Auge gesehen."""
    linear = np.array(farben._linear(farbe))
    if matrix is not None:
        linear = np.clip(np.array(matrix) @ linear, 0, 1)
    xyz = (
        np.array(
            [
                [0.4124564, 0.3575761, 0.1804375],
                [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041],
            ]
        )
        @ linear
        / np.array([0.95047, 1.0, 1.08883])
    )
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sehweise", SEHWEISEN)
@pytest.mark.parametrize("blick", ["bedarf", "potential", "neutral"])
def test_benachbarte_stufen_unterscheidet_auch_ein_farbfehlsichtiges_auge(
    blick, sehweise
):
    """Abstand in CIELAB mindestens 10; 2,3 gilt als gerade wahrnehmbar."""
    stufen = farben.stufenfarben(4, blick=blick)
    gesehen = [_lab(f, SEHWEISEN[sehweise]) for f in stufen]
    for eine, naechste in pairwise(gesehen):
        assert np.linalg.norm(eine - naechste) >= 10


@pytest.mark.parametrize("sehweise", [None, *SEHWEISEN])
def test_unterschiede_bleiben_in_jedem_auge_fuenf_farben(sehweise):
    matrix = SEHWEISEN.get(sehweise)
    gesehen = [_lab(farbe, matrix) for farbe, _, _ in farben.UNTERSCHIED]
    for eine, andere in combinations(gesehen, 2):
        assert np.linalg.norm(eine - andere) >= 10


def test_unterschiede_ohne_farbe_haelt_das_muster_auseinander():
    """Schwarz-weiß sind beide Enden gleich dunkel: darunter liegen Linien."""
    je_helligkeit = [
        (round(_lab(farbe)[0] / 12), muster) for farbe, muster, _ in farben.UNTERSCHIED
    ]
    assert len(set(je_helligkeit)) == 5
    assert len({zeichen for _, _, zeichen in farben.UNTERSCHIED}) == 5


def test_grenzlinien_haben_auf_jedem_unterschied_kontrast():
    for farbe, _, _ in farben.UNTERSCHIED:
        assert farben.kontrast(farben.TINTE, farbe) >= 3
