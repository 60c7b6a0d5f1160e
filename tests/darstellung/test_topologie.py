"""Das Netz: gemeinsame Grenzen einmal, und wieder dieselben Flächen."""

import numpy as np
import pytest
import shapely
from beispielstadt import gebiete
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from quartierstools.darstellung.topologie import (
    ZEICHEN,
    gepackt,
    netz,
    vereinfacht,
)
from quartierstools.fehler import Ausgabefehler

LOCH = Polygon(box(7, 51, 8, 52).exterior, [box(7.2, 51.2, 7.4, 51.4).exterior])


def flaechen_aus(gemeinsam):
    massstab = 10.0**-gemeinsam.stellen
    return [
        MultiPolygon(
            [
                (ringe[0], ringe[1:])
                for ringe in (
                    [gemeinsam.ring(r) * massstab for r in teil] for teil in teile
                )
            ]
        )
        for teile in gemeinsam.flaechen
    ]


def ausgepackt(text):
    zahlen, wert, schub = [], 0, 0
    for zeichen in text:
        ziffer = ZEICHEN.index(zeichen)
        wert |= (ziffer & 31) << schub
        schub += 5
        if not ziffer & 32:
            zahlen.append(-(wert >> 1) if wert & 1 else wert >> 1)
            wert = schub = 0
    return zahlen


def zellen(n, samen=3):
    punkte = np.random.default_rng(samen).random((n, 2))
    roh = shapely.voronoi_polygons(shapely.multipoints(punkte), ordered=True)
    teile = shapely.intersection(shapely.get_parts(roh), shapely.box(0, 0, 1, 1))
    fein = shapely.segmentize(
        shapely.transform(teile, lambda p: np.round(p, 6)), 0.02 / np.sqrt(n)
    )
    return list(shapely.transform(fein, lambda p: np.round(p, 6) + np.array([7, 51])))


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_gepacktes_laesst_sich_auspacken(zahlen):
    assert ausgepackt(gepackt(zahlen)) == zahlen


def test_gepacktes_enthaelt_keine_ziffern_und_keine_sonderzeichen_von_json():
    assert len(set(ZEICHEN)) == 64
    assert not set(ZEICHEN) & set('0123456789,.:/"\\<>&#')


@pytest.mark.parametrize(
    "flaechen",
    [
        [LOCH],
        [LOCH, box(7.2, 51.2, 7.4, 51.4)],
        [MultiPolygon([box(7, 51, 7.1, 51.1), box(8, 51, 8.123456, 51.1)])],
        list(gebiete().geometry),
        zellen(60),
    ],
    ids=["Loch", "Insel im Loch", "zwei Teile", "Gitter", "Zellen"],
)
def test_aus_dem_netz_werden_wieder_die_flaechen(flaechen):
    gemeinsam = netz(flaechen)
    for alt, neu in zip(flaechen, flaechen_aus(gemeinsam), strict=True):
        assert neu.is_valid
        assert neu.symmetric_difference(alt).area < 2e-5 * alt.length


def test_gemeinsame_grenze_steht_einmal_da():
    """Zwei Quadrate nebeneinander: zwei Außenbögen und die Grenze dazwischen."""
    gemeinsam = netz([box(7, 51, 7.1, 51.1), box(7.1, 51, 7.2, 51.1)])
    verweise = [
        v >> 1 for teile in gemeinsam.flaechen for ring in teile[0] for v in ring
    ]
    assert sorted(np.bincount(verweise)) == [1, 1, 2]


def test_vereinfacht_bleiben_grenzen_gemeinsam_und_knoten_stehen():
    """Jeder Bogen gehört danach zu denselben Flächen; nichts klafft, nichts fehlt."""
    genau = netz(zellen(400))
    grob = vereinfacht(genau, hoechstens=sum(map(len, genau.boegen)) // 2)
    assert sum(map(len, grob.boegen)) <= sum(map(len, genau.boegen)) / 2
    assert grob.flaechen == genau.flaechen
    for vorher, nachher in zip(genau.boegen, grob.boegen, strict=True):
        assert (vorher[[0, -1]] == nachher[[0, -1]]).all()
    flaechen = flaechen_aus(grob)
    summe = sum(f.area for f in flaechen)
    assert abs(summe - 1) < 1e-4
    assert shapely.coverage_is_valid(
        np.array([shapely.transform(f, lambda p: np.rint(p * 1e5)) for f in flaechen])
    )


def test_winzige_flaeche_bleibt_da():
    gemeinsam = netz([box(7, 51, 7.1, 51.1), box(8, 52, 8.0000001, 52.0000001)])
    assert len(gemeinsam.flaechen[1]) == 1


def test_linien_sind_keine_flaechen():
    with pytest.raises(Ausgabefehler, match="LineString"):
        netz([LineString([(0, 0), (1, 1)])])
