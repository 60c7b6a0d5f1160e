// Gebiete geordnet: intern nach Index mit Rangband, öffentlich nach Klasse und Name.
function listenansicht(zustand) {
  const koerper = knoten("tbody", {});
  const kopf = knoten("thead", {});
  const titel = knoten("h2", {});
  const tabelle = knoten("table", {}, kopf, koerper);
  const element = knoten("section", { class: "qt-liste", "aria-label": "Gebiete geordnet" }, titel,
    knoten("div", { class: "qt-rollt", tabindex: 0, role: "region", "aria-label": "Tabelle der Gebiete" }, tabelle));

  function zeige() {
    const { grund, bild } = zustand;
    const { zeilen, rang } = bild.folge;
    titel.textContent = rang ? "Reihenfolge mit Rangband (nur intern)" : "Gebiete nach Klasse";
    const spalten = rang ? ["Gebiet", "Rangband", "Klasse", "hält in"] : ["Gebiet", "Klasse", "hält in"];
    leere(kopf, knoten("tr", {}, ...spalten.map((text) => knoten("th", { scope: "col", text }))));
    leere(koerper, ...zeilen.map((z) => zeile(grund, z, rang)));
  }

  // Herabgestufte Gebiete zählen auch die Varianten mit, in denen sie höher lägen.
  function haelt(z) {
    if (z.halt === null) return "–";
    return `${z.mindestens ? "mindestens diese in " : ""}${z.halt} %`;
  }

  function zeile(grund, z, rang) {
    const schluessel = grund.schluessel[z.stelle];
    const gewaehlt = schluessel === zustand.wahl.gebiet;
    const knopf = knoten("button", { type: "button", text: grund.namen[z.stelle], "aria-pressed": String(gewaehlt),
      onclick: () => zustand.waehleGebiet(z.stelle) });
    const band = z.rang ? (z.rang[0] === z.rang[1] ? String(z.rang[0]) : `${z.rang[0]} bis ${z.rang[1]}`) : "–";
    return knoten("tr", { "data-gebiet": schluessel, class: gewaehlt ? "qt-gewaehlt" : undefined },
      knoten("th", { scope: "row" }, knopf),
      rang ? knoten("td", { text: band }) : null,
      knoten("td", { text: z.wort ? z.wort + (z.grenzfall ? " · Grenzfall" : "") : "keine Klasse" }),
      knoten("td", { class: "qt-zahl", text: haelt(z) }));
  }
  return { element, zeige };
}
