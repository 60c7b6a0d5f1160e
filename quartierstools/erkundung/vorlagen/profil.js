// Profil des gewählten Gebiets, auf Wunsch neben einem zweiten; Beiträge als Balken.
function profilansicht(zustand) {
  const element = knoten("section", { class: "qt-profil", "aria-label": "Profil des Gebiets" });

  function beitragszeilen(blatt) {
    const stelle = zustand.grund.schluessel.indexOf(blatt.gebiet);
    const werte = Object.entries(zustand.bild.beitraege).map(([i, reihe]) => [zustand.name(i), reihe[stelle]]);
    const groesster = Math.max(0.5, ...werte.map(([, w]) => Math.abs(w ?? 0)));
    return werte.map(([name, wert]) => {
      const anteil = wert === null ? 0 : (wert / groesster) * 50;
      const balken = knoten("span", { class: "qt-balken", "aria-hidden": "true" }, knoten("span", {
        style: `left:${anteil < 0 ? 50 + anteil : 50}%;width:${Math.abs(anteil)}%` }));
      return knoten("tr", {}, knoten("th", { scope: "row", text: name }), knoten("td", {}, balken),
        knoten("td", { class: "qt-zahl", text: wert === null ? "–" : (wert > 0 ? "+" : "") + zahl(wert, 2) }));
    });
  }

  function karte(blatt) {
    const beitraege = beitragszeilen(blatt);
    return knoten("article", { "aria-label": blatt.name },
      knoten("h2", { text: blatt.name }),
      knoten("p", { class: "qt-klein", text: `Stadtbezirk ${blatt.bezirk}` }),
      knoten("p", { text: blatt.klasse }),
      blatt.gruppe ? knoten("p", { text: blatt.gruppe }) : null,
      knoten("table", {}, knoten("caption", { text: "Werte, in Klammern das Intervall (95 Prozent)" }),
        knoten("tbody", {}, ...blatt.werte.map(([name, wert]) =>
          knoten("tr", {}, knoten("th", { scope: "row", text: name }), knoten("td", { class: "qt-zahl", text: wert }))))),
      beitraege.length ? knoten("table", {},
        knoten("caption", { text: "Beitrag zum Index in Standardabweichungen" }), knoten("tbody", {}, ...beitraege)) : null,
      knoten("p", { text: blatt.angebote }));
  }

  function zeige() {
    const blaetter = zustand.bild.steckblatt;
    leere(element, ...(blaetter.length
      ? blaetter.map(karte)
      : [knoten("p", { text: "Ein Gebiet in Karte, Liste oder Streubild wählen." })]));
  }
  return { element, zeige };
}
