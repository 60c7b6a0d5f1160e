// Was gewählt wird: Zielgruppe, Ebene, Gewichte, Gruppen, Achsen, Szenario.
function auswahl(beschriftung, eintraege, wert, melde) {
  const id = kennung("wahl");
  const feld = knoten("select", { id, onchange: () => melde(feld.value) });
  for (const [schluessel, text] of eintraege) {
    feld.append(knoten("option", { value: schluessel, text, selected: String(schluessel) === String(wert) }));
  }
  return knoten("div", { class: "qt-feld" }, knoten("label", { for: id, text: beschriftung }), feld);
}

function regler(indikator, name, wert, melde) {
  const id = kennung("gewicht");
  const anzeige = knoten("output", { for: id, text: zahl(wert, 2) });
  const feld = knoten("input", {
    id, type: "range", min: 0, max: 3, step: 0.25, value: wert, "data-indikator": indikator,
    "aria-valuetext": `Gewicht ${zahl(wert, 2)}`,
    oninput: () => {
      anzeige.textContent = zahl(Number(feld.value), 2);
      feld.setAttribute("aria-valuetext", `Gewicht ${zahl(Number(feld.value), 2)}`);
      melde(indikator, Number(feld.value));
    },
  });
  return knoten("div", { class: "qt-regler" }, knoten("label", { for: id, text: name }), feld, anzeige);
}

// Aus welchen Indikatoren sich die Gruppen bilden; der letzte bleibt immer gewählt.
function merkmale(eintraege, gewaehlt, melde) {
  const felder = eintraege.map(([i, name]) => {
    const an = gewaehlt.includes(i);
    const id = kennung("merkmal");
    const feld = knoten("input", { id, type: "checkbox", checked: an, disabled: an && gewaehlt.length === 1,
      "data-merkmal": i,
      onchange: () => melde(feld.checked ? [...gewaehlt, i] : gewaehlt.filter((m) => m !== i)) });
    return knoten("div", { class: "qt-merkmal" }, feld, knoten("label", { for: id, text: name }));
  });
  return knoten("div", { class: "qt-merkmale", role: "group", "aria-label": "Indikatoren der Gruppen" },
    knoten("p", { class: "qt-klein", text: "Indikatoren der Gruppen" }), ...felder);
}

function bedienfeld(zustand) {
  const feld = knoten("form", { class: "qt-bedienung", "aria-label": "Auswahl", onsubmit: (e) => e.preventDefault() });
  let gebaut = "";

  function zeige() {
    const { grund, bild } = zustand;
    const wahl = bild.wahl;
    const indikatoren = Object.entries(grund.indikatoren);
    const form = JSON.stringify([
      grund.stadt, grund.fassung, wahl.zielgruppe, Object.keys(bild.gewichte), wahl.ebene, wahl.datenstand,
      wahl.verfahren, wahl.anzahl_typen, bild.typmerkmale, wahl.quer, wahl.hoch, wahl.vergleich, wahl.szenario, bild.szenarien,
    ]);
    if (form === gebaut) return; // Regler nicht unter der Hand neu bauen
    gebaut = form;
    const gruppiere = (aenderung) => zustand.waehle({ ...aenderung, ebene: "gruppen" }); // sonst bliebe sie unsichtbar
    const setze = (name) => (wert) => zustand.waehle({ [name]: wert });
    const gewichte = bild.gewichte;
    const frei = indikatoren.filter(([i]) => grund.wertend.includes(i) && !(i in gewichte));
    const ebenen = [["bedarf", "Bedarf oder Potential"], ["gruppen", "Gruppen ähnlicher Gebiete"], ...indikatoren];
    const ohne = [["", "keines"]];
    const gebiete = grund.schluessel.map((s, n) => [s, grund.namen[n]]);
    const anzahlen = [["0", "Vorschlag"], ...[2, 3, 4, 5, 6, 7, 8].map((n) => [String(n), String(n)])];
    const verfahren = [["kmeans", "k-Means"], ["ward", "Ward"], ["gemischt", "Gaußsche Mischung"]];
    const fokus = feld.contains(document.activeElement) ? document.activeElement.id : "";
    const stelle = fokus ? [...feld.querySelectorAll("select,input,button")].findIndex((e) => e.id === fokus) : -1;
    leere(
      feld,
      auswahl("Zielgruppe", Object.entries(grund.zielgruppen), wahl.zielgruppe, (z) =>
        zustand.waehle({ zielgruppe: z, gewichte: null, quer: "", hoch: "", ebene: "bedarf", szenario: "" })),
      auswahl("Karte zeigt", ebenen, wahl.ebene, setze("ebene")),
      auswahl("Datenstand", [["", "neuester"], ...grund.tage.map((t) => [t, t.split("-").reverse().join(".")])],
        wahl.datenstand, setze("datenstand")),
      knoten("fieldset", {},
        knoten("legend", { text: "Gewichte" }),
        Object.keys(gewichte).length
          ? null
          : knoten("p", { class: "qt-klein", text: "Kein Indikator des Index liegt vor; gezeigt wird eine Näherung, wenn es eine gibt." }),
        ...Object.entries(gewichte).map(([i, g]) =>
          regler(i, zustand.name(i), g, (indikator, gewicht) =>
            zustand.waehle({ gewichte: { ...zustand.wahl.gewichte, [indikator]: gewicht } }))),
        frei.length
          ? auswahl("Indikator dazu", [["", "bitte wählen"], ...frei], "", (i) =>
              i && zustand.waehle({ gewichte: { ...zustand.wahl.gewichte, [i]: 1 } }))
          : null,
        knoten("button", { type: "button", id: kennung("vorgabe"), text: "Gewichte der Vorgabe",
          onclick: () => zustand.waehle({ gewichte: null }) }),
      ),
      knoten("fieldset", {},
        knoten("legend", { text: "Gruppen" }),
        auswahl("Verfahren", verfahren, wahl.verfahren, (v) => gruppiere({ verfahren: v })),
        auswahl("Anzahl", anzahlen, wahl.anzahl_typen, (n) => gruppiere({ anzahl_typen: Number(n) })),
        merkmale(grund.gruppierbar, bild.typmerkmale, (typmerkmale) => gruppiere({ typmerkmale })),
      ),
      knoten("fieldset", {},
        knoten("legend", { text: "Vergleich" }),
        auswahl("Streubild quer", indikatoren, wahl.quer, setze("quer")),
        auswahl("Streubild hoch", indikatoren, wahl.hoch, setze("hoch")),
        auswahl("Zweites Gebiet", [...ohne, ...gebiete], wahl.vergleich, setze("vergleich")),
        auswahl("Szenario", [["", "keines"], ...bild.szenarien], wahl.szenario, setze("szenario")),
      ),
    );
    if (stelle >= 0) feld.querySelectorAll("select,input,button")[stelle]?.focus();
  }
  return { element: feld, zeige };
}
