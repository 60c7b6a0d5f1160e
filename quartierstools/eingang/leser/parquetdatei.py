"""Wie lesen wir Parquet-Lieferungen? Typen zu Text, Ausmaße vor dem Lesen geprüft."""

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quartierstools.eingang.leser.kopf import kopfbefunde
from quartierstools.eingang.leser.rohtabelle import Rohtabelle
from quartierstools.eingang.pruefregeln import MB, Pruefregeln
from quartierstools.fehler import Befund, Datenfehler
from quartierstools.schreibweise import zahl_text


def lies_parquetdatei(datei: Path, *, name: str, regeln: Pruefregeln) -> Rohtabelle:
    """Liest eine Parquet-Datei; Zahlen werden Text mit Dezimalkomma.

    Raises
    ------
    Datenfehler
        Wenn die Datei beschädigt oder zu groß ist oder verschachtelte Spalten hat.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 – nur für Parquet

    try:
        with pq.ParquetFile(datei, memory_map=False) as quelle:
            befunde = _ausmassbefunde(quelle.metadata, name, regeln)
            if befunde:
                raise Datenfehler(name, befunde)
            tabelle = quelle.read()
    except (OSError, pa.ArrowException, ValueError, MemoryError, OverflowError):
        befund = Befund(
            ort=name,
            was="Die Parquet-Datei ist beschädigt oder abgeschnitten.",
            erwartet="eine vollständige Parquet-Datei",
            rat="Bitte neu ausgeben lassen.",
        )
        raise Datenfehler(name, [befund]) from None
    return tabelle_als_text(tabelle, name)


def _ausmassbefunde(metadaten: Any, name: str, regeln: Pruefregeln) -> list[Befund]:  # noqa: ANN401
    zeilen, spalten = metadaten.num_rows, metadaten.num_columns
    entpackt = sum(
        metadaten.row_group(i).total_byte_size for i in range(metadaten.num_row_groups)
    )
    if (
        zeilen <= regeln.hoechstens_zeilen
        and spalten <= regeln.hoechstens_spalten
        and zeilen * spalten <= regeln.hoechstens_zellen
        and 0 <= entpackt <= regeln.hoechstens_entpackt_mb * MB
    ):
        return []
    return [
        Befund(
            ort=name,
            was=f"Die Datei nennt {zahl_text(zeilen)} Zeilen, {spalten} Spalten und "
            f"{zahl_text(entpackt / MB)} MB.",
            erwartet=f"höchstens {zahl_text(regeln.hoechstens_zeilen)} Zeilen, "
            f"{regeln.hoechstens_spalten} Spalten und "
            f"{regeln.hoechstens_entpackt_mb} MB",
            rat="Sie wurde nicht gelesen; bitte bei der Quelle nachfragen.",
        )
    ]


def tabelle_als_text(tabelle: Any, name: str, **weitere: Any) -> Rohtabelle:  # noqa: ANN401
    """Rohtabelle aus einer getypten Tabelle (Parquet, Datenbank, Geodaten)."""
    namen = [unicodedata.normalize("NFC", s.strip()) for s in tabelle.column_names]
    befunde = kopfbefunde(namen, name)
    befunde += [
        Befund(
            ort=f"{name}, Spalte „{titel}“",
            was="Die Spalte enthält verschachtelte Werte.",
            erwartet="je Zelle eine Zahl oder ein Text",
            rat="Bitte flach ausgeben lassen.",
        )
        for titel, typ in zip(namen, tabelle.schema.types, strict=True)
        if pa.types.is_nested(typ)
    ]
    if befunde:
        raise Datenfehler(name, befunde)
    zahlen = {
        titel: pc.is_valid(spalte).combine_chunks().to_numpy(zero_copy_only=False)
        for titel, spalte in zip(namen, tabelle.columns, strict=True)
        if _ist_zahltyp(spalte.type)
    }
    return Rohtabelle(
        name=name,
        zellen=pa.table([_als_text(s) for s in tabelle.columns], names=namen),
        zeilen=np.arange(1, tabelle.num_rows + 1, dtype=np.int64),
        zahlzellen=zahlen,
        **weitere,
    )


def _ist_zahltyp(typ: Any) -> bool:  # noqa: ANN401
    return bool(
        pa.types.is_integer(typ)
        or pa.types.is_floating(typ)
        or pa.types.is_decimal(typ)
    )


def _als_text(spalte: Any) -> Any:  # noqa: ANN401
    """Text jeder Zelle; ganze Kommazahlen ohne „,0“, fehlende leer."""
    typ = spalte.type
    if pa.types.is_dictionary(typ):
        spalte = spalte.cast(typ.value_type)
        typ = spalte.type
    if pa.types.is_floating(typ):
        werte = spalte.cast(pa.float64())
        texte = [_zahltext(w) for w in werte.to_pylist()]
        return pa.array(texte, type=pa.string())
    if pa.types.is_binary(typ) or pa.types.is_large_binary(typ):
        return pa.array([""] * len(spalte), type=pa.string())
    text = pc.fill_null(spalte.cast(pa.string()), "")
    if pa.types.is_decimal(typ):
        text = pc.replace_substring(text, ".", ",")
    if pa.types.is_timestamp(typ):
        text = pc.replace_substring_regex(text, r"[ T]00:00:00(\.0+)?Z?$", "")
    return pc.utf8_trim_whitespace(text)


def _zahltext(wert: float | None) -> str:
    if wert is None or wert != wert:  # noqa: PLR0124 – nur NaN ist ungleich sich selbst
        return ""
    if wert in (float("inf"), float("-inf")):
        return str(wert)
    from decimal import Decimal  # noqa: PLC0415

    text = f"{Decimal(repr(wert)):f}"
    return text.removesuffix(".0").replace(".", ",")
