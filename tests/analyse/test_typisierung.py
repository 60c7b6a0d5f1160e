"""Sagt die Typisierung, was sie weiß, und nicht mehr?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from quartierstools.analyse import Typisierung
from quartierstools.analyse.anzahl import hindernis, sonderfaelle, typenzahlen
from quartierstools.analyse.pruefung import Einstellungsfehler, Merkmalsfehler

from .conftest import gebiete, mss


@pytest.fixture
def modell(drei_gruppen):
    return Typisierung().fit(drei_gruppen)


def strukturlos(seed, n=30, m=3):
    werte = np.random.default_rng(seed).normal(size=(n, m))
    return pd.DataFrame(werte, index=gebiete(n), columns=list("abcd")[:m])


def test_klare_gruppen_werden_gefunden(modell, drei_gruppen):
    assert modell.anzahl_typen_ == 3
    assert not modell.nur_beschreibung_
    gruppe = pd.Series(np.repeat([0, 1, 2], 10), index=drei_gruppen.index)
    mit_typ = modell.labels_ >= 0
    assert pd.crosstab(gruppe[mit_typ], modell.labels_[mit_typ]).gt(0).sum().sum() == 3
    assert mit_typ.sum() == 28


def test_begruendung_ist_ein_satz_mit_zahlen(modell):
    z = modell.anzahltabelle_.loc[3]
    s, s0, j = (
        f"{z[k]:.2f}".replace(".", ",")
        for k in ("silhouette", "silhouette_strukturlos", "jaccard_min")
    )
    assert modell.begruendung_ == (
        "3 Typen vorgeschlagen: Sie sind klarer getrennt als in Zufallsdaten "
        f"ohne Gruppen (Silhouette {s}, dort im Mittel {s0}; ebenso klar oder "
        "klarer in 0 von 100 Fällen), bleiben bei Wiederholung erkennbar (kleinste "
        f"Jaccard-Zahl {j}: hoch stabil), und der kleinste Typ hat 8 Gebiete."
    )


def test_strukturlose_daten_ergeben_keinen_typ():
    modell = Typisierung().fit(strukturlos(1))
    assert modell.anzahl_typen_ == 1
    assert modell.nur_beschreibung_
    assert (modell.labels_ == 0).all()
    assert modell.typ_.isna().all()
    assert modell.stabilitaet_.empty
    assert modell.grenzfaelle_.empty
    assert modell.beschreibung_labels_ is None
    anfang = (
        "Kein Beleg für getrennte Typen: Die Gruppen sind nicht klarer getrennt als in "
        "Zufallsdaten ohne Gruppen (bei "
    )
    assert modell.begruendung_.startswith(anfang)
    assert modell.begruendung_.endswith("; die Gebiete werden nur beschrieben.")
    assert modell.begruendung_.count(".") == 1


@pytest.mark.lang
@pytest.mark.parametrize("art", ["normal", "schief", "flach", "gleichlaufend"])
def test_strukturlose_datensaetze_ergeben_selten_typen(art):
    """Soll: höchstens 5 %; bei 40 Datensätzen lägen über 5 nur in 1,4 % der Fälle."""
    falsch = 0
    for seed in range(40):
        rng = np.random.default_rng(1000 + seed)
        x = rng.normal(size=(30, 3))
        if art == "schief":
            x = np.exp(0.6 * x)
        elif art == "flach":
            x = rng.uniform(size=(30, 2))
        elif art == "gleichlaufend":
            x = x + 1.5 * rng.normal(size=(30, 1))
        falsch += Typisierung(random_state=seed).fit(pd.DataFrame(x)).anzahl_typen_ > 1
    assert falsch <= 5


@pytest.mark.lang
def test_getrennte_gruppen_werden_fast_immer_gefunden():
    """Drei Gruppen zu zehn, Abstand der Mitten fünf Streuungen."""
    gefunden = 0
    mitten = np.eye(3) * 5 / np.sqrt(2)
    for seed in range(30):
        rng = np.random.default_rng(seed)
        x = np.vstack([rng.normal(size=(10, 3)) + m for m in mitten])
        gefunden += (
            Typisierung(random_state=seed).fit(pd.DataFrame(x)).anzahl_typen_ == 3
        )
    assert gefunden >= 27


def test_gruppen_zum_beschreiben_nur_auf_wunsch():
    x = strukturlos(1)
    modell = Typisierung(beschreibung=3, richtungen=dict.fromkeys(x, "niedrig")).fit(x)
    gruppen = modell.beschreibung_labels_
    assert modell.nur_beschreibung_
    assert sorted(gruppen.unique()) == [0, 1, 2]
    lage = -x.sub(x.mean()).div(x.std(ddof=0)).mean(axis=1)
    assert lage.groupby(gruppen).mean().is_monotonic_increasing


def test_vorgabe_ohne_beleg_ist_nur_beschreibung():
    modell = Typisierung(anzahl_typen=3).fit(strukturlos(1))
    assert modell.anzahl_typen_ == 3
    assert modell.nur_beschreibung_
    assert (
        "3 Typen vorgegeben: Kein Beleg, dass sie getrennt sind" in modell.begruendung_
    )
    assert modell.begruendung_.endswith("sie sind nur eine Beschreibung.")
    assert list(modell.anzahltabelle_.index) == [3]


def test_sonderfall_hat_keinen_typ_und_keine_stabilitaet(modell):
    assert list(modell.sonderfaelle_.index) == ["003"]
    assert modell.labels_["003"] == -1
    assert pd.isna(modell.typ_["003"])
    assert modell.zugehoerigkeit_.loc["003"].isna().all()
    assert pd.isna(modell.zuordnung_.loc["003", "typ"])
    assert modell.gruende_["003"].startswith("Sonderfall: liegt zu weit")
    assert "1 Gebiet ist Sonderfall ohne Typ und ohne Stabilitätszahl." in (
        modell.hinweise_
    )


def test_sonderfall_setzt_nicht_den_massstab(modell, drei_gruppen):
    rest = drei_gruppen.drop(["003", "005"])
    np.testing.assert_allclose(modell.mittel_, rest.mean())
    np.testing.assert_allclose(modell.streuung_, rest.std(ddof=0))


def test_sonderfall_steht_auch_ohne_beleg_fuer_typen():
    x = strukturlos(1)
    x.iloc[4] = [30.0, -30.0, 30.0]
    modell = Typisierung().fit(x)
    assert modell.anzahl_typen_ == 1
    assert list(modell.sonderfaelle_.index) == ["004"]
    assert modell.labels_["004"] == -1
    assert modell.labels_.drop("004").eq(0).all()


def test_fehlender_wert_hat_keinen_typ_sondern_einen_grund(modell):
    assert modell.gruende_["005"] == "B01: liegt nicht vor"
    assert modell.labels_["005"] == -1
    assert modell.hinweise_[0] == (
        "Gerechnet aus 29 von 30 Gebieten; den übrigen fehlt ein Wert."
    )


def test_gesperrter_wert_heisst_gesperrt(drei_gruppen):
    gruende = pd.DataFrame("gesperrt", index=["005"], columns=["B01"])
    modell = Typisierung().fit(drei_gruppen, gruende=gruende)
    assert modell.gruende_["005"] == "B01: gesperrt"


def test_jeder_typ_hat_mindestens_drei_gebiete(modell):
    assert modell.typen_["anzahl_gebiete"].min() >= 3
    assert modell.typen_["anzahl_gebiete"].sum() == (modell.labels_ >= 0).sum()


def test_zu_zweit_ist_kein_typ():
    """Zwei ferne Gebiete nebeneinander: Sonderfälle, kein Typ zu zweit."""
    x = strukturlos(2)
    x.iloc[0], x.iloc[1] = [15.0] * 3, [15.1] * 3
    modell = Typisierung(anzahl_typen=2).fit(x)
    assert set(modell.sonderfaelle_.index) == {"000", "001"}
    assert modell.typen_["anzahl_gebiete"].min() >= 3


def test_strukturlose_daten_haben_fast_nie_einen_sonderfall():
    zahl = sum(
        sonderfaelle(np.random.default_rng(s).normal(size=(30, 3)), 0).any()
        for s in range(60)
    )
    assert zahl <= 3


def test_typen_sind_nach_lage_geordnet(modell, drei_gruppen):
    z = modell.zentren_z_.mean(axis=1)
    assert z.is_monotonic_increasing
    umgekehrt = Typisierung(richtungen=dict.fromkeys(drei_gruppen, "niedrig")).fit(
        drei_gruppen
    )
    assert umgekehrt.zentren_z_.mean(axis=1).is_monotonic_decreasing


def test_zentren_sind_die_mittel_der_gebiete(modell, drei_gruppen):
    mittel = drei_gruppen.groupby(modell.typ_).mean()
    np.testing.assert_allclose(modell.zentren_, mittel, atol=1e-9)


def test_zugehoerigkeit_sind_anteile(modell):
    z = modell.zugehoerigkeit_.dropna()
    np.testing.assert_allclose(z.sum(axis=1), 1)
    assert list(z.columns) == ["A", "B", "C"]
    eigene = [z.loc[g, t] for g, t in modell.typ_.dropna().items()]
    np.testing.assert_allclose(modell.zuordnung_["bleibt_anteil"].dropna(), eigene)


def test_grenzfaelle_wechseln_in_mehr_als_einem_viertel():
    a = [0, 0.1, 0.2, 0.3, 5.15, 10, 10.1, 10.2, 10.3]
    x = pd.DataFrame({"a": a}, index=gebiete(9))
    modell = Typisierung(anzahl_typen=2).fit(x)
    assert list(modell.grenzfaelle_.index) == ["004"]
    zeile = modell.grenzfaelle_.loc["004"]
    assert zeile["bleibt_anteil"] < 0.75
    assert zeile["typ"] != zeile["zweitbester_typ"]
    assert zeile["ziehungen_ohne_gebiet"] > 20


def test_stabilitaet_steht_auch_in_worten(modell):
    assert modell.typen_["stabilitaet"].tolist() == ["hoch stabil"] * 3
    np.testing.assert_allclose(modell.stabilitaet_, modell.typen_["jaccard"])


def test_weglassen_eines_gebiets_und_eines_merkmals(modell, drei_gruppen):
    assert modell.ohne_gebiet_.dropna().between(0, 1).all()
    assert modell.ohne_gebiet_.notna().sum() == 28
    assert list(modell.ohne_merkmal_.index) == list(drei_gruppen.columns)
    rauschen = drei_gruppen.assign(X1=np.random.default_rng(0).normal(size=30))
    m = Typisierung(anzahl_typen=3).fit(rauschen)
    assert m.ohne_merkmal_["X1"] == 1.0


def test_ward_bestaetigt_kmeans_bei_klaren_gruppen(modell):
    assert modell.verfahrensvergleich_.to_dict() == {"ward": 1.0}


def test_ward_ist_ward(drei_gruppen):
    x = drei_gruppen.drop(["003", "005"])
    modell = Typisierung(anzahl_typen=3, verfahren="ward").fit(x)
    z = (x - x.mean()) / x.std(ddof=0)
    scipy = fcluster(linkage(z, "ward"), 3, "maxclust")
    assert pd.crosstab(modell.labels_, scipy).gt(0).sum().sum() == 3


def test_mischung_findet_verschieden_weite_gruppen():
    rng = np.random.default_rng(0)
    x = np.vstack([rng.normal(0, 0.3, (20, 2)), rng.normal((4, 4), 1.5, (20, 2))])
    tabelle = pd.DataFrame(x, columns=["a", "b"])
    modell = Typisierung(anzahl_typen=2, verfahren="gemischt", n_wiederholungen=20)
    modell.fit(tabelle)
    gruppe = np.repeat([0, 1], 20)
    da = (modell.labels_ >= 0).to_numpy()
    assert (modell.labels_[da] == gruppe[da]).mean() > 0.95


KETTE = [(f"{i:03}", f"{i + 1:03}") for i in range(19)]


def test_raeumliche_typen_haengen_zusammen():
    x = strukturlos(4, n=20, m=2)
    modell = Typisierung(3, "ward_raum", 20, nachbarschaft=KETTE).fit(x)
    typen = modell.labels_[modell.labels_ >= 0]
    for typ in typen.unique():
        stellen = np.array([int(g) for g in typen.index[typen == typ]])
        assert (np.diff(stellen) == 1).all()


def test_unverbundene_gebiete_werden_genannt():
    x = strukturlos(4, n=20, m=2)
    modell = Typisierung(3, "ward_raum", 20, nachbarschaft=KETTE[1:]).fit(x)
    assert modell.unverbundene_ == [["000"]]
    assert (
        "Ohne gemeinsame Grenze mit dem übrigen Stadtgebiet: 000. Es wird keine "
        "Verbindung ergänzt."
    ) in modell.hinweise_


def test_raeumliche_typen_ohne_nachbarschaft_sind_ein_fehler():
    with pytest.raises(Einstellungsfehler, match="braucht `nachbarschaft`"):
        Typisierung(verfahren="ward_raum").fit(strukturlos(1))


def test_raeumliche_naehe_allein_ist_kein_beleg_fuer_typen():
    """Ein glatter Verlauf ist räumlich ähnlich, hat aber keine getrennten Typen."""
    verlauf = np.linspace(0, 1, 20)
    x = pd.DataFrame({"a": verlauf, "b": verlauf**2}, index=gebiete(20))
    modell = Typisierung(verfahren="ward_raum", nachbarschaft=KETTE).fit(x)
    assert modell.nur_beschreibung_
    assert "ohne Zwang zum räumlichen Zusammenhang Silhouette" in modell.begruendung_


def test_zu_viele_merkmale_bei_wenigen_gebieten():
    x = strukturlos(1).assign(d=1.0 * np.arange(30), e=np.arange(30) ** 2.0)
    modell = Typisierung().fit(x)
    assert modell.begruendung_ == (
        "Kein Beleg für getrennte Typen: Bei 30 Gebieten sind höchstens 4 Merkmale "
        "zulässig, hier sind es 5; die Gebiete werden nur beschrieben."
    )
    vorgegeben = Typisierung(anzahl_typen=2).fit(x)
    assert vorgegeben.anzahl_typen_ == 2
    assert vorgegeben.nur_beschreibung_


@pytest.mark.parametrize(
    ("n", "m", "geht"), [(30, 4, True), (30, 5, False), (15, 4, False), (60, 9, True)]
)
def test_merkmale_passen_zur_zahl_der_gebiete(n, m, geht):
    assert (hindernis(n, m) == "") is geht


def test_typenzahlen_bleiben_unter_fuenfzig_gebieten_bei_fuenf():
    assert typenzahlen(49) == [2, 3, 4, 5]
    assert typenzahlen(50) == list(range(2, 11))
    assert typenzahlen(8) == [2]


@pytest.mark.parametrize("falsch", [1, 6, 2.5, "drei", True])
def test_unmoegliche_typenzahl_ist_ein_fehler(falsch):
    with pytest.raises(Einstellungsfehler, match="Erlaubt: 2 bis 5"):
        Typisierung(anzahl_typen=falsch).fit(strukturlos(1))


def test_zu_wenige_wiederholungen_sind_ein_fehler():
    with pytest.raises(Einstellungsfehler, match="mindestens 20"):
        Typisierung(n_wiederholungen=5).fit(strukturlos(1))


def test_merkmal_ohne_unterschiede_ist_ein_fehler():
    with pytest.raises(Merkmalsfehler, match="„b“ hat in allen"):
        Typisierung().fit(strukturlos(1).assign(b=3.0))


def test_fuenf_gebiete_reichen_nicht():
    modell = Typisierung().fit(strukturlos(1, n=5, m=2))
    assert modell.begruendung_ == (
        "Kein Beleg für getrennte Typen: Mit 5 Gebieten lassen sich keine zwei Typen "
        "mit je mindestens 3 Gebieten prüfen; die Gebiete werden nur beschrieben."
    )


def test_anwenden_auf_ein_anderes_jahr_mit_eingefrorenen_mitten(modell, drei_gruppen):
    x = drei_gruppen.drop(["003", "005"])
    assert (modell.predict(x) == modell.labels_[x.index]).all()
    assert modell.buchstaben(x).equals(modell.typ_[x.index])
    luecke = x.copy()
    luecke.iloc[0, 0] = np.nan
    assert modell.predict(luecke).iloc[0] == -1


GLEICH = ("labels_", "typ_", "gruende_", "ohne_gebiet_")
TABELLEN = ("zugehoerigkeit_", "zuordnung_")


@pytest.mark.parametrize("verfahren", ["kmeans", "ward"])
@settings(max_examples=6, deadline=None)
@given(st.permutations(range(30)))
def test_reihenfolge_der_gebiete_ist_egal(verfahren, folge):
    x = klare_gruppen()
    a = Typisierung(verfahren=verfahren, n_wiederholungen=20).fit(x)
    b = Typisierung(verfahren=verfahren, n_wiederholungen=20).fit(x.iloc[list(folge)])
    for name in GLEICH[:2]:
        assert getattr(a, name).equals(getattr(b, name).reindex(x.index))
    for name in TABELLEN:
        pd.testing.assert_frame_equal(
            getattr(a, name), getattr(b, name).reindex(x.index), check_exact=True
        )
    assert a.begruendung_ == b.begruendung_
    pd.testing.assert_series_equal(a.stabilitaet_, b.stabilitaet_, check_exact=True)


def klare_gruppen():
    rng = np.random.default_rng(3)
    mitten = ((0, 0, 0), (6, 0, 4), (0, 6, 5))
    werte = np.vstack([rng.normal(m, 1, size=(10, 3)) for m in mitten])
    return pd.DataFrame(werte, columns=list("abc"), index=gebiete(30))


def test_zweimal_derselbe_lauf_gibt_dasselbe(modell, drei_gruppen):
    noch_einmal = Typisierung().fit(drei_gruppen)
    for name in GLEICH:
        assert getattr(modell, name).equals(getattr(noch_einmal, name))


def test_eingabe_bleibt_unveraendert(drei_gruppen):
    vorher = drei_gruppen.copy(deep=True)
    Typisierung(n_wiederholungen=20).fit(drei_gruppen)
    pd.testing.assert_frame_equal(drei_gruppen, vorher)


def test_gebiete_bleiben_der_index(modell, drei_gruppen):
    for name in ("labels_", "typ_", "zugehoerigkeit_", "zuordnung_", "ohne_gebiet_"):
        assert getattr(modell, name).index.equals(drei_gruppen.index)
        assert getattr(modell, name).index.name == "gebiet"


def test_einheit_der_merkmale_aendert_die_typen_nicht(modell, drei_gruppen):
    euro = drei_gruppen * [1000, 1, 0.001]
    assert Typisierung().fit(euro).labels_.equals(modell.labels_)


@pytest.mark.lang
def test_berlin_hat_stabile_oder_gar_keine_typen():
    tabelle = mss(2021)
    x = tabelle[["S1", "S3", "S4"]].where(tabelle["gueltig"].astype(bool))
    modell = Typisierung(n_wiederholungen=20).fit(x)
    assert modell.labels_[modell.gruende_.index].eq(-1).all()
    if modell.anzahl_typen_ > 1:
        assert modell.stabilitaet_.min() >= 0.6
    else:
        assert modell.nur_beschreibung_
