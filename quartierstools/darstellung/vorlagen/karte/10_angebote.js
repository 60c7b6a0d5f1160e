/* Angebote: Form je Zielgruppe, am bekannten Ort oder beim Gebiet, nie an erfundener Stelle. */
const A = daten.angebote;
function form(gruppen, klein) {
  const bild = svg("svg", { class: klein ? "form klein" : "form", viewBox: "0 0 16 16", "aria-hidden": "true" });
  const pfad = gruppen.length === 1 ? A.zielgruppen[gruppen[0]][1] : A.mehrere;
  bild.append(svg("path", { d: pfad, fill: "#fff", stroke: TINTE, "stroke-width": 1.8, "stroke-linejoin": "round" }));
  return bild;
}
const gruppenText = (a) => a.gruppen.map((g) => A.zielgruppen[g][0]).join(", ");
const gehaekelt = (name) => [...document.querySelectorAll(`input[name="${name}"]:checked`)].map((f) => Number(f.value));
function gefiltert() {
  if (!A) return [];
  const gruppen = gehaekelt("angebotsgruppe"), staende = gehaekelt("angebotsstand");
  return A.liste.filter((a) => staende.includes(a.stand) && (a.gruppen.some((g) => gruppen.includes(g)) || !a.gruppen.length));
}
/* Alle Angebote, die ein Gebiet nennen oder seinen Stadtbezirk; unabhängig vom Filter. */
const angeboteIn = (i) => (A ? A.liste.filter((a) => a.gebiete.includes(i)) : []);
const angeboteAufDerKarte = () => (A && finde("angebotewahl").checked ? gefiltert() : []);

function setzeGebietsangebote(orte, buch, setze) {
  const gezeigt = angeboteAufDerKarte().filter((a) => !a.ort);
  if (!gezeigt.length) return;
  const nachGebiet = new Map();
  gezeigt.forEach((a) => a.gebiete.forEach((i) => nachGebiet.set(i, [...(nachGebiet.get(i) || []), a])));
  orte.forEach((ort) => {
    const eigene = nachGebiet.get(ort.i);
    if (!eigene) return;
    const [inhalt, viele] = sortenzeile(eigene);
    const b = 6 + 25 * viele;
    [[0, 17], [0, -17], [b / 2 + 12, 0], [-b / 2 - 12, 0], [0, 30], [0, -30]].some(([dx, dy]) => {
      const r = kastenUm(ort.x + dx, ort.y + dy, b, 16);
      return buch.frei(r) && setze(r, "angebotszahl", [inhalt]);
    });
  });
}
/* Form und Zahl je Zielgruppe, für Gebiete und für Orte mit mehreren Angeboten. */
function sortenzeile(liste) {
  const sorten = new Map(), inhalt = knoten("span", null, "sorten");
  liste.forEach((a) => { const s = a.gruppen.length === 1 ? a.gruppen[0] : 99; sorten.set(s, [...(sorten.get(s) || []), a]); });
  [...sorten].sort((a, b) => a[0] - b[0]).forEach(([, eine]) => inhalt.append(form(eine[0].gruppen, true), knoten("span", String(eine.length))));
  return [inhalt, sorten.size];
}
/* Was auf dem Bildschirm aufeinanderläge, steht mit Zahlen an einer Stelle. */
function ortsgruppen(karte) {
  const gruppen = [];
  angeboteAufDerKarte().filter((a) => a.ort).forEach((a) => {
    const p = karte.latLngToLayerPoint([a.ort[1], a.ort[0]]), nahe = gruppen.find((g) => Math.hypot(g.p.x - p.x, g.p.y - p.y) < 13);
    if (nahe) nahe.liste.push(a); else gruppen.push({ p, ort: a.ort, liste: [a] });
  });
  return gruppen;
}
const punktlagen = new Map();
/* Setzt die Angebote an ihre Orte und nennt die Kästen, die sie belegen. */
function zeigePunkte(blatt) {
  if (!A) return [];
  if (!punktlagen.has(blatt)) {
    punktlagen.set(blatt, L.layerGroup().addTo(blatt.karte));
    blatt.karte.getPane("markerPane").setAttribute("aria-hidden", "true");
  }
  const lage = punktlagen.get(blatt);
  lage.clearLayers();
  return ortsgruppen(blatt.karte).map(({ p, ort, liste }) => {
    const [zeile, viele] = sortenzeile(liste), einzeln = liste.length === 1, b = einzeln ? 16 : 6 + 25 * viele;
    const bild = einzeln ? form(liste[0].gruppen) : knoten("span", null, "ortszahl");
    if (!einzeln) bild.append(zeile);
    const marke = L.marker([ort[1], ort[0]], { keyboard: false, icon: L.divIcon({ className: "angebot", iconSize: [b, 16], html: bild }) });
    const inhalt = knoten("div");
    liste.slice(0, 6).forEach((a) => inhalt.append(eigenname(a.name, "strong"), knoten("span", `${gruppenText(a)} · ${a.text}`), knoten("br")));
    if (liste.length > 6) inhalt.append(knoten("span", `und ${liste.length - 6} weitere, siehe Liste`));
    marke.bindTooltip(inhalt, { className: "tipp", direction: "top", offset: [0, -8], opacity: 1 });
    lage.addLayer(marke);
    return kastenUm(p.x, p.y, b, 16);
  });
}
function angebotszeile(a) {
  const zeile = knoten("li"), kopf = knoten("span", null, "angebotskopf");
  kopf.append(form(a.gruppen, true), eigenname(a.name, "strong"));
  const worte = [gruppenText(a), a.text].filter(Boolean).join(" · ");
  zeile.append(kopf, knoten("span", worte, "nebentext"));
  return zeile;
}
/* Die Liste folgt dem Filter: erst je Gebiet, dann Stadtbezirke, dann die ganze Stadt. */
function zeigeAngebotsliste() {
  const liste = gefiltert(), ziel = finde("angebotsliste"), gruppen = [];
  const dazu = (titel, eintraege) => { if (eintraege.length) gruppen.push([titel, eintraege]); };
  const nachGebiet = new Map();
  liste.forEach((a) => a.gebiete.forEach((i) => nachGebiet.set(i, [...(nachGebiet.get(i) || []), a])));
  [...nachGebiet.keys()].sort((x, y) => x - y).forEach((i) => dazu(G.name[i], nachGebiet.get(i)));
  daten.bezirke.forEach((name, b) => dazu(`Stadtbezirk ${name}, ${einzahl} nicht genannt`, liste.filter((a) => a.bezirke.includes(b) && !a.gebiete.length)));
  const ohneOrt = liste.filter((a) => !a.gebiete.length && !a.bezirke.length);
  dazu("stadtweit", ohneOrt.filter((a) => a.weit === "stadtweit"));
  dazu("an wechselnden oder nicht genannten Orten", ohneOrt.filter((a) => a.weit !== "stadtweit"));
  const zahlen = knoten("p", `${liste.length} von ${A.liste.length} bekannten Einträgen. Was hier fehlt, ist nicht bekannt; das heißt nicht, dass es das nicht gibt.`, "hilfe");
  const spalten = knoten("div", null, "angebotsspalten");
  gruppen.forEach(([titel, eintraege]) => {
    const block = knoten("div", null, "angebotsblock"), ul = knoten("ul");
    const kopf = knoten("h3");
    kopf.append(knoten("bdi", titel));
    ul.append(...eintraege.map(angebotszeile));
    block.append(kopf, ul);
    spalten.append(block);
  });
  ziel.replaceChildren(zahlen, spalten);
}
function zeigeAngebotslegende() {
  const ziel = finde("angebotslegende"), an = Boolean(A) && finde("angebotewahl").checked;
  ziel.hidden = !an;
  if (!an) { ziel.replaceChildren(); return; }
  const liste = knoten("ul"), gezeigt = gefiltert(), viele = gezeigt.some((a) => a.gruppen.length > 1);
  const eintrag = (gruppen, text) => { const li = knoten("li"); li.append(form(gruppen), knoten("span"), knoten("span", text)); liste.append(li); };
  A.zielgruppen.forEach(([name], g) => { if (gezeigt.some((a) => a.gruppen.includes(g))) eintrag([g], name); });
  if (viele) eintrag([], "mehrere Zielgruppen");
  const saetze = ["Kästchen mit Rahmen: Angebote, die der Bestand für das ganze Gebiet nennt, ohne genauen Ort."];
  if (gezeigt.some((a) => a.ort)) saetze.unshift("Form ohne Kästchen: Angebot an seinem Ort; rundes Feld: mehrere am selben Ort.");
  const weitere = gezeigt.filter((a) => !a.gebiete.length && !a.ort).length;
  if (weitere) saetze.push(`${weitere} weitere gelten für Stadtbezirke, die ganze Stadt oder wechselnde Orte und stehen nur in der Liste.`);
  ziel.replaceChildren(knoten("p", A.titel, "einheit"), liste, ...saetze.map((s) => knoten("p", s, "fuss")));
}
function angebotewechsel() {
  zeigeAngebotsliste(); zeigeAngebotslegende();
  blaetter.forEach((blatt) => blatt.beschrifte());
}
function richteAngeboteEin() {
  if (!A) return;
  const haken = (ziel, name, wert, an, text, bild) => {
    const huelle = knoten("label"), kasten0 = knoten("input");
    kasten0.type = "checkbox"; kasten0.name = name; kasten0.value = wert; kasten0.checked = an;
    huelle.append(kasten0);
    if (bild) huelle.append(bild);
    huelle.append(knoten("span", text));
    finde(ziel).append(huelle);
  };
  A.zielgruppen.forEach(([name], g) => haken("gruppenfilter", "angebotsgruppe", g, true, name, form([g], true)));
  A.staende.forEach(([text, gezeigt], s) => haken("standfilter", "angebotsstand", s, gezeigt, text));
}
