/* Zeichen, Namen und Stadtbezirke: erst alle Plätze suchen, dann setzen; nichts überlappt. */
const schreiber = document.createElement("canvas").getContext("2d");
const schriftart = getComputedStyle(document.body).fontFamily;
const breiten = new Map();
function textbreite(text, schrift) {
  const schluessel = schrift + text;
  if (!breiten.has(schluessel)) {
    schreiber.font = `${schrift} ${schriftart}`;
    breiten.set(schluessel, schreiber.measureText(text).width);
  }
  return breiten.get(schluessel);
}
/* Ein Name in einer, zwei oder drei Zeilen, getrennt nach Leerzeichen, Binde- und Schrägstrich. */
function zeilenweise(name) {
  const stuecke = name.split(/(?<=[\s/-])/), fassungen = [[name]];
  const laengste = (zeilen) => Math.max(...zeilen.map((z) => z.length));
  const beste = (viele) => viele.sort((a, b) => laengste(a) - laengste(b))[0];
  const verbinde = (von, bis) => stuecke.slice(von, bis).join("").trim();
  const n = Math.min(stuecke.length, 8), zwei = [], drei = [];
  for (let i = 1; i < n; i += 1) {
    zwei.push([verbinde(0, i), verbinde(i)]);
    for (let j = i + 1; j < n; j += 1) drei.push([verbinde(0, i), verbinde(i, j), verbinde(j)]);
  }
  if (zwei.length) fassungen.push(beste(zwei));
  if (drei.length) fassungen.push(beste(drei));
  return fassungen;
}
/* Wo sich ein Platz vergeben lässt; ein Gitter hält die Suche kurz. */
function platzbuch() {
  const faecher = new Map(), KANTE = 64;
  const besuche = (r, tue) => {
    for (let x = Math.floor(r[0] / KANTE); x <= Math.floor(r[2] / KANTE); x += 1) {
      for (let y = Math.floor(r[1] / KANTE); y <= Math.floor(r[3] / KANTE); y += 1) if (tue(`${x}/${y}`)) return true;
    }
    return false;
  };
  return {
    frei: (r) => !besuche(r, (fach) => (faecher.get(fach) || []).some((b) => r[0] < b[2] && r[2] > b[0] && r[1] < b[3] && r[3] > b[1])),
    belege: (r) => { besuche(r, (fach) => { if (!faecher.has(fach)) faecher.set(fach, []); faecher.get(fach).push(r); return false; }); },
  };
}
const kastenUm = (x, y, b, h) => [x - b / 2, y - h / 2, x + b / 2, y + h / 2];
function beschrifte(blatt) {
  const { karte, sicht } = blatt, buch = platzbuch(), neu = document.createDocumentFragment();
  if (!sicht || !karte.getSize().x) return;
  const weite = 256 * 2 ** karte.getZoom(), o = karte.getPixelOrigin();
  const fenster = karte.getPixelBounds();
  const setze = (r, klasse, texte) => {
    buch.belege(r);
    const marke = knoten("span", null, klasse);
    texte.forEach((t, i) => { if (i) marke.append(knoten("br")); marke.append(typeof t === "string" ? knoten("bdi", t) : t); });
    marke.style.left = `${Math.round((r[0] + r[2]) / 2)}px`;
    marke.style.top = `${Math.round((r[1] + r[3]) / 2)}px`;
    neu.append(marke);
    return true;
  };
  zeigePunkte(blatt).forEach(buch.belege);
  const orte = [];
  for (let i = 0; i < anzahl; i += 1) {
    const b = (kasten[4 * i + 2] - kasten[4 * i]) * weite, h = (kasten[4 * i + 3] - kasten[4 * i + 1]) * weite;
    if (b < 14 || h < 14) continue;
    const px = mitten[2 * i] * weite, py = mitten[2 * i + 1] * weite;
    if (ALS_LEINWAND && !fenster.contains([px, py])) continue;
    orte.push({ i, x: px - o.x, y: py - o.y, b, h, marke: 0 });
  }
  orte.forEach((ort) => {
    const zeichen = klasseVon(sicht, ort.i).zeichen, b = 12 + 7 * zeichen.length;
    if (ort.b <= b * 1.1 || ort.h <= 17) return;
    /* Steht dort ein Angebot, rückt das Zeichen zur Seite, bleibt aber im Gebiet. */
    const platz = [[0, 0], [0, -17], [0, 17], [-24, 0], [24, 0], [0, -30], [0, 30], [-40, 0], [40, 0]].find(([dx, dy]) =>
      buch.frei(kastenUm(ort.x + dx, ort.y + dy, b, 15)) && (!(dx || dy) || gebietAn((ort.x + dx + o.x) / weite, (ort.y + dy + o.y) / weite) === ort.i));
    if (!platz) return;
    ort.x += platz[0]; ort.y += platz[1]; ort.marke = 15;
    setze(kastenUm(ort.x, ort.y, b, 15), "marke", [zeichen]);
  });
  setzeGebietsangebote(orte, buch, setze);
  if (finde("namenwahl").checked) setzeNamen(orte, sicht, buch, setze, weite, o);
  if (blatt.grenzen && karte.hasLayer(blatt.grenzen)) setzeBezirke(karte, buch, setze);
  blatt.zeichen.replaceChildren(neu);
}
/* Enge Flächen zuerst. Ein Name darf etwas über den Rand, seine Mitte nie: sonst
   gehörte er dem Auge nach zum Nachbarn. */
function setzeNamen(orte, sicht, buch, setze, weite, o) {
  const offen = [...orte].sort((a, b) => a.b * a.h - b.b * b.h || a.i - b.i);
  const namensklasse = (ort, r) => {
    const innen = r[2] - r[0] < ort.b * 0.9;
    return innen && hellUndGlatt(klasseVon(sicht, ort.i)) ? "name" : "name aufmuster";
  };
  const versuche = (ort, spielraum) => zeilenweise(G.name[ort.i]).some((texte) => {
    const b = Math.max(...texte.map((t) => textbreite(t, "11px"))) + 4, h = 13 * texte.length;
    if (b > ort.b * spielraum || h > ort.h * spielraum) return false;
    const hoehe = ort.marke / 2 + h / 2 + 1, seite = 9 + b / 2;
    const plaetze = ort.marke
      ? [[0, -hoehe], [0, hoehe], [-b / 4, -hoehe], [b / 4, -hoehe], [-b / 4, hoehe], [b / 4, hoehe], [0, -hoehe - 7], [0, hoehe + 7], [seite, 0], [-seite, 0]]
      : [[0, 0], [0, -8], [0, 8], [0, -14], [0, 14]];
    return plaetze.some(([dx, dy]) => {
      const r = kastenUm(ort.x + dx, ort.y + dy, b, h);
      const heim = gebietAn((ort.x + dx + o.x) / weite, (ort.y + dy + o.y) / weite) === ort.i;
      return heim && buch.frei(r) && setze(r, namensklasse(ort, r), texte);
    });
  });
  /* Erst wer hineinpasst, dann mit mehr Spielraum; sehr lange Namen bleiben in Tipp und Tabelle. */
  let rest = offen;
  [0.95, 1.15, 1.5].forEach((spielraum) => { rest = rest.filter((ort) => !versuche(ort, spielraum)); });
}
function setzeBezirke(karte, buch, setze) {
  /* Nicht über den Rand des ganzen Ausschnitts: dort schneidet der Rahmen ab. */
  const lo = karte.latLngToLayerPoint(ausschnitt.getNorthWest()), ru = karte.latLngToLayerPoint(ausschnitt.getSouthEast());
  const drin = (r) => r[0] >= lo.x - 6 && r[2] <= ru.x + 6 && r[1] >= lo.y - 6 && r[3] <= ru.y + 6;
  daten.bezirksorte.forEach(([name, lon, lat]) => {
    const p = karte.latLngToLayerPoint([lat, lon]), b = textbreite(name.toUpperCase(), "700 11px") + 14 + name.length * 0.7;
    const plaetze = [];
    for (let ring = 0; ring <= 7; ring += 1) {
      for (let x = -ring; x <= ring; x += 1) for (let y = -ring; y <= ring; y += 1) if (Math.max(Math.abs(x), Math.abs(y)) === ring) plaetze.push([x * 14, y * 9]);
    }
    plaetze.sort((a, c) => Math.hypot(...a) - Math.hypot(...c));
    plaetze.some(([x, y]) => { const r = kastenUm(p.x + x, p.y + y, b, 18); return drin(r) && buch.frei(r) && setze(r, "bezirk", [name]); });
  });
}
