// Die Karte: Flächen mit Farbe, Muster und Zeichen; mit Pfeiltasten zum Nachbarn.
function kartenansicht(zustand) {
  const legende = knoten("ul", { class: "qt-legende", "aria-label": "Legende" });
  const titel = knoten("h2", {});
  const rahmen = knoten("div", { class: "qt-kartenrahmen" });
  const element = knoten("section", { class: "qt-karte", "aria-label": "Karte" }, titel, rahmen, legende);
  const wahlrand = knoten("path", { class: "qt-wahlrand" });
  const vergleichsrand = knoten("path", { class: "qt-wahlrand qt-verglichen" });
  let flaechen = [];
  let gebaut = null;

  function baue() {
    const { grund } = zustand;
    gebaut = grund;
    const muster = Object.entries(grund.muster).filter(([, m]) => m.pfad);
    const bezug = kennung("muster");
    const definitionen = document.createElementNS(SVG, "defs");
    muster.forEach(([name, m]) => {
      definitionen.append(knoten("pattern",
        { id: `${bezug}-${name}`, width: m.kachel, height: m.kachel, patternUnits: "userSpaceOnUse" },
        knoten("path", { d: m.pfad, class: "qt-schraffur" })));
    });
    flaechen = grund.pfade.map((pfad, stelle) => {
      const flaeche = knoten("path", { d: pfad, class: "qt-flaeche", role: "button", tabindex: stelle ? -1 : 0,
        "data-gebiet": grund.schluessel[stelle], "aria-pressed": "false",
        onclick: () => zustand.waehleGebiet(stelle),
        onkeydown: (ereignis) => taste(ereignis, stelle) });
      const schraffur = knoten("path", { d: pfad, class: "qt-muster", "aria-hidden": "true" });
      return { flaeche, schraffur, bezug };
    });
    const bild = knoten("svg",
      { viewBox: `-8 -8 ${grund.breite + 16} ${grund.hoehe + 16}`, role: "group",
        "aria-label": `Karte von ${grund.stadt}; Pfeiltasten wechseln das Gebiet, Eingabe wählt es` },
      definitionen,
      knoten("g", {}, ...flaechen.map((f) => f.flaeche)),
      knoten("g", {}, ...flaechen.map((f) => f.schraffur)),
      knoten("g", { "aria-hidden": "true" }, ...grund.umrisse.map((d) => knoten("path", { d, class: "qt-umriss" })),
        vergleichsrand, wahlrand));
    leere(rahmen, bild);
  }

  // Der Rand der Auswahl liegt über allen Grenzen; die Reihenfolge der Flächen bleibt.
  function rahme(rand, schluessel) {
    const stelle = zustand.grund.schluessel.indexOf(schluessel);
    rand.setAttribute("d", stelle < 0 ? "" : zustand.grund.pfade[stelle]);
  }

  function taste(ereignis, stelle) {
    if (ereignis.key === "Enter" || ereignis.key === " ") {
      ereignis.preventDefault();
      zustand.waehleGebiet(stelle);
      return;
    }
    const ziel = nachbar(zustand.grund.mitten, stelle, ereignis.key);
    if (ziel < 0) return;
    ereignis.preventDefault();
    flaechen[stelle].flaeche.setAttribute("tabindex", -1);
    flaechen[ziel].flaeche.setAttribute("tabindex", 0);
    flaechen[ziel].flaeche.focus();
  }

  function zeige() {
    const { grund, bild } = zustand;
    if (gebaut !== grund) baue();
    const klassen = Object.fromEntries(bild.klassen.map((k) => [k.schluessel, k]));
    titel.textContent = bild.titel;
    flaechen.forEach(({ flaeche, schraffur, bezug }, stelle) => {
      const klasse = klassen[bild.klasse[stelle]];
      flaeche.setAttribute("fill", klasse ? klasse.farbe : "#ffffff");
      schraffur.setAttribute("fill", klasse && klasse.muster !== "voll" ? `url(#${bezug}-${klasse.muster})` : "none");
      flaeche.setAttribute("aria-label", `${grund.namen[stelle]}: ${klasse ? klasse.text : "keine Klasse"}`);
      flaeche.setAttribute("aria-pressed", String(grund.schluessel[stelle] === zustand.wahl.gebiet));
    });
    rahme(wahlrand, zustand.wahl.gebiet);
    rahme(vergleichsrand, zustand.wahl.vergleich);
    leere(legende, ...bild.klassen.filter((k) => k.anzahl).map((k) => legendenzeile(k, flaechen[0]?.bezug)));
  }

  function legendenzeile(klasse, bezug) {
    const muster = klasse.muster === "voll" ? "none" : `url(#${bezug}-${klasse.muster})`;
    return knoten("li", {},
      knoten("svg", { viewBox: "0 0 26 16", width: 26, height: 16, "aria-hidden": "true" },
        knoten("rect", { x: 0.5, y: 0.5, width: 25, height: 15, fill: klasse.farbe, class: "qt-rand" }),
        knoten("rect", { x: 0.5, y: 0.5, width: 25, height: 15, fill: muster })),
      `${klasse.text} (${klasse.anzahl})`);
  }
  return { element, zeige };
}
