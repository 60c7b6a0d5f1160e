/* Ein Kartenblatt: Leaflet-Karte mit Flächen, Umrissen, Hinweisfeld und Tastatur. */
const blaetter = [];
function erzeugeBlatt(karte, nummer) {
  const rahmen = karte.getContainer();
  const blatt = { karte, rahmen, nummer, fokus: 0, sicht: null, flaechen: null, deckkraft: 1 };
  ["grenzen", "umrisse", "zeichen"].forEach((name, i) => {
    const ebene = karte.createPane(name);
    ebene.style.zIndex = 410 + 10 * i;
    ebene.style.pointerEvents = "none";
  });
  blatt.zeichen = karte.getPane("zeichen");
  blatt.zeichen.classList.add("zeichenebene");
  blatt.zeichen.setAttribute("aria-hidden", "true");
  const linie = (weight, color, dashArray) =>
    L.polygon([], { pane: "umrisse", interactive: false, fill: false, weight, color, dashArray, smoothFactor: 0.4 }).addTo(karte);
  const umrisse = {
    zeigt: [linie(3, TINTE)],
    gewaehlt: [linie(6, TINTE), linie(2.5, "#fff", "1 6")],
    fokus: [linie(8, TINTE), linie(3.5, "#fff")],
  };
  blatt.umreisse = (rolle, i) => umrisse[rolle].forEach((l) => l.setLatLngs(i < 0 ? [] : latlngs(i)));
  blatt.grenzen = grenzlinien(karte);
  const tipp = L.tooltip({ className: "tipp", direction: "top", offset: [0, -6], opacity: 1 });
  let gezeigt = -1;
  blatt.zeige = (i, ort) => {
    if (gezeigt !== i) { gezeigt = i; blatt.umreisse("zeigt", i); tipp.setContent(tippInhalt(blatt.sicht, i)); }
    const punkt = karte.latLngToContainerPoint(ort);
    tipp.options.direction = punkt.y < 150 ? "bottom" : "top";
    tipp.options.offset = L.point(0, punkt.y < 150 ? 12 : -6);
    tipp.setLatLng(ort).openOn(karte);
    tipp.getElement().setAttribute("aria-hidden", "true");
  };
  blatt.verstecke = () => { if (gezeigt >= 0) { gezeigt = -1; karte.closeTooltip(tipp); blatt.umreisse("zeigt", -1); } };
  blatt.beimFokus = (i) => {
    karte.panInside(mitte(i), { padding: [60, 60], animate: false });
    blatt.umreisse("fokus", i);
    blatt.zeige(i, mitte(i));
  };
  blatt.ohneFokus = () => { blatt.umreisse("fokus", -1); blatt.verstecke(); };
  blatt.fokussiere = (i) => blatt.flaechen.fokussiere(i);
  blatt.aufTaste = (e) => aufTaste(blatt, e);
  blatt.faerbe = (sicht) => {
    blatt.sicht = sicht;
    gezeigt = -1;
    blatt.flaechen.faerbe(sicht, blatt.deckkraft);
    rahmen.setAttribute("aria-label", `Karte: ${sicht.titel}${sicht.jahr && !sicht.unterschied ? ` ${sicht.jahr}` : ""}`);
    blatt.beschrifte();
  };
  blatt.beschrifte = () => beschrifte(blatt);
  blatt.passeEin = () => {
    karte.invalidateSize({ animate: false });
    karte.setMinZoom(0);
    karte.fitBounds(ausschnitt, { animate: false, padding: [8, 8] });
    karte.setMinZoom(karte.getZoom() - 1);
  };
  blatt.passeEin();
  karte.setMaxZoom(18);
  karte.setMaxBounds(ausschnitt.pad(0.4));
  steuerknoepfe(blatt);
  rahmen.setAttribute("role", "application");
  rahmen.setAttribute("aria-describedby", "kartenhilfe");
  blatt.flaechen = ALS_LEINWAND ? flaechenLeinwand(blatt) : flaechenElemente(blatt);
  karte.on("zoomend resize", blatt.beschrifte);
  if (ALS_LEINWAND) karte.on("moveend", blatt.beschrifte);
  karte.on("moveend", () => imGleichschritt(blatt));
  blaetter.push(blatt);
  return blatt;
}
const ausschnitt = rahmenUm(G.schluessel.keys());
/* Stadtbezirke und Stadtgrenze aus denselben Bögen wie die Gebiete. */
function grenzlinien(karte) {
  if (!daten.bezirksorte.length) return null;
  const art = { pane: "grenzen", interactive: false, smoothFactor: 0.4, opacity: 1 };
  const zug = linienzug([...trennt.bezirk, ...trennt.stadt]);
  return L.layerGroup([
    L.polyline(zug, { ...art, color: "#fff", weight: 5.5 }),
    L.polyline(zug, { ...art, color: TINTE, weight: 2.6 }),
  ]).addTo(karte);
}
function steuerknoepfe(blatt) {
  L.control.zoom({ zoomInTitle: "Karte vergrößern", zoomOutTitle: "Karte verkleinern" }).addTo(blatt.karte);
  const Zurueck = L.Control.extend({
    onAdd() {
      const leiste = L.DomUtil.create("div", "leaflet-bar"), knopf = L.DomUtil.create("a", "", leiste);
      knopf.href = "#"; knopf.textContent = "⤢"; knopf.title = "Ganzes Gebiet zeigen";
      knopf.setAttribute("role", "button"); knopf.setAttribute("aria-label", knopf.title);
      L.DomEvent.disableClickPropagation(leiste);
      L.DomEvent.on(knopf, "click", (e) => { L.DomEvent.stop(e); blatt.passeEin(); });
      return leiste;
    },
  });
  new Zurueck({ position: "topleft" }).addTo(blatt.karte);
}
function tippInhalt(sicht, i) {
  const inhalt = knoten("div"), klasse = klasseVon(sicht, i), zeile = knoten("span", null, "klasse");
  inhalt.append(eigenname(G.name[i], "strong"), knoten("span", `Stadtbezirk ${bezirk(i)}`), knoten("br"));
  if (klasse.art === "Zahl" && sicht.werte) inhalt.append(knoten("strong", wertText(sicht, i)));
  const intervall = klasse.art === "Zahl" ? intervallText(sicht, i) : "";
  if (intervall) inhalt.append(knoten("span", intervall));
  zeile.append(feld(klasse, true), knoten("span", klassenText(sicht, klasse)));
  inhalt.append(zeile);
  if (sicht.zusatz && sicht.zusatz[i]) inhalt.append(knoten("span", `${sicht.zusatzTitel}: ${sicht.zusatz[i]}`));
  return inhalt;
}
function aufTaste(blatt, e) {
  const i = blatt.fokus;
  if (RICHTUNG[e.key]) {
    const ziel = nachbar(i, RICHTUNG[e.key]);
    if (ziel < 0) melde(`Kein ${einzahl} weiter im ${RICHTUNG[e.key][2]}.`);
    else blatt.fokussiere(ziel);
  } else if (e.key === "Enter" || e.key === " ") waehle(i, true);
  else if (e.key === "Escape") blatt.verstecke();
  else if (e.key === "+") blatt.karte.zoomIn();
  else if (e.key === "-" || e.key === "−") blatt.karte.zoomOut();
  else if (e.key === "Home") blatt.fokussiere(0);
  else if (e.key === "End") blatt.fokussiere(anzahl - 1);
  else return;
  e.preventDefault();
}
/* Beide Karten zeigen denselben Ausschnitt. */
let schreitet = false;
function imGleichschritt(quelle) {
  if (schreitet || zustand.ansicht !== "zwei" || blaetter.length < 2) return;
  const folger = blaetter[1 - quelle.nummer];
  if (!folger) return;
  schreitet = true;
  folger.karte.setView(quelle.karte.getCenter(), quelle.karte.getZoom(), { animate: false });
  schreitet = false;
}
