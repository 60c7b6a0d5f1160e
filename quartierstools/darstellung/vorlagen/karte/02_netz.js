/* Das Netz: Bögen, aus denen Flächen, Stadtbezirke und Stadtgrenze entstehen.
   Gegenstück zu topologie.py. Gerechnet wird in Mercator, die ganze Erde ist 0 bis 1. */
const ZIFFERN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_!$()*+;=@^";
const WERT = new Uint8Array(128);
[...ZIFFERN].forEach((zeichen, i) => { WERT[zeichen.charCodeAt(0)] = i; });
function entpacker(text) {
  let stelle = 0;
  return () => {
    let wert = 0, schub = 1, ziffer;
    do {
      ziffer = WERT[text.charCodeAt(stelle)];
      stelle += 1;
      wert += (ziffer & 31) * schub;
      schub *= 32;
    } while (ziffer & 32);
    return wert % 2 ? -(wert - 1) / 2 : wert / 2;
  };
}
const GRAD = 10 ** -daten.netz.stellen;
const quer = (lon) => lon / 360 + 0.5;
const hoch = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
const breitengrad = (y) => (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;
const alsOrt = (x, y) => L.latLng(breitengrad(y), (x - 0.5) * 360);

/* Jeder Bogen ist ein Feld [x, y, x, y, …]. */
function liesBoegen(text) {
  const naechste = entpacker(text), boegen = [];
  let x = 0, y = 0, gelesen = 0;
  for (; gelesen < daten.netz.anzahl; gelesen += 1) {
    const punkte = naechste(), bogen = new Float64Array(2 * punkte);
    for (let i = 0; i < punkte; i += 1) {
      x += naechste();
      y += naechste();
      bogen[2 * i] = quer(x * GRAD);
      bogen[2 * i + 1] = hoch(y * GRAD);
    }
    boegen.push(bogen);
  }
  return boegen;
}
const boegen = liesBoegen(daten.netz.boegen);
/* Je Gebiet eine Liste von Ringen, je Ring Verweise auf Bögen; teile zählt die Ringe je Teil. */
const ringe = [], teile = [];
{
  const naechste = entpacker(daten.netz.flaechen);
  let zuletzt = 0;
  for (let i = 0; i < anzahl; i += 1) {
    const eigene = [], zaehlung = [], viele = naechste();
    for (let t = 0; t < viele; t += 1) {
      zaehlung.push(naechste());
      for (let r = 0; r < zaehlung[t]; r += 1) {
        const ring = new Int32Array(naechste());
        for (let v = 0; v < ring.length; v += 1) { zuletzt += naechste(); ring[v] = zuletzt; }
        eigene.push(ring);
      }
    }
    ringe.push(eigene);
    teile.push(zaehlung);
  }
}
const mitten = new Float64Array(2 * anzahl);
{
  const naechste = entpacker(daten.netz.mitten);
  let x = 0, y = 0;
  for (let i = 0; i < anzahl; i += 1) {
    x += naechste(); y += naechste();
    mitten[2 * i] = quer(x * GRAD);
    mitten[2 * i + 1] = hoch(y * GRAD);
  }
}
const mitte = (i) => alsOrt(mitten[2 * i], mitten[2 * i + 1]);

/* Punkte eines Rings nacheinander; der letzte jedes Bogens ist der erste des nächsten. */
function folgeRing(ring, besuche) {
  for (let v = 0; v < ring.length; v += 1) {
    const bogen = boegen[ring[v] >> 1], rueck = ring[v] & 1, n = bogen.length / 2;
    for (let k = v ? 1 : 0; k < n; k += 1) {
      const p = rueck ? n - 1 - k : k;
      besuche(bogen[2 * p], bogen[2 * p + 1]);
    }
  }
}
/* Rechteck je Gebiet: links, oben, rechts, unten. */
const kasten = new Float64Array(4 * anzahl);
for (let i = 0; i < anzahl; i += 1) {
  let x0 = 2, y0 = 2, x1 = -1, y1 = -1;
  ringe[i].forEach((ring) => folgeRing(ring, (x, y) => {
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }));
  kasten.set([x0, y0, x1, y1], 4 * i);
}
function rahmenUm(gebiete) {
  let x0 = 2, y0 = 2, x1 = -1, y1 = -1;
  gebiete.forEach((i) => {
    x0 = Math.min(x0, kasten[4 * i]); y0 = Math.min(y0, kasten[4 * i + 1]);
    x1 = Math.max(x1, kasten[4 * i + 2]); y1 = Math.max(y1, kasten[4 * i + 3]);
  });
  return L.latLngBounds(alsOrt(x0, y0), alsOrt(x1, y1));
}
/* GeoJSON-ähnliche Ringe für Leaflet, je Teil Außenring und Löcher. */
function latlngs(i) {
  const alle = ringe[i].map((ring) => {
    const punkte = [];
    folgeRing(ring, (x, y) => punkte.push(alsOrt(x, y)));
    punkte.pop();
    return punkte;
  });
  let stelle = 0;
  return teile[i].map((viele) => { stelle += viele; return alle.slice(stelle - viele, stelle); });
}
/* Bögen nach dem, was sie trennen: nur Gebiete, zwei Stadtbezirke, die Stadt von außen. */
const trennt = { gebiet: [], bezirk: [], stadt: [] };
{
  const erster = new Int32Array(boegen.length).fill(-1), zweiter = new Int32Array(boegen.length).fill(-1);
  ringe.forEach((eigene, i) => eigene.forEach((ring) => ring.forEach((v) => {
    if (erster[v >> 1] < 0) erster[v >> 1] = i; else zweiter[v >> 1] = i;
  })));
  boegen.forEach((_, b) => {
    if (zweiter[b] < 0) trennt.stadt.push(b);
    else if (G.bezirk[erster[b]] !== G.bezirk[zweiter[b]]) trennt.bezirk.push(b);
    else trennt.gebiet.push(b);
  });
}
const linienzug = (nummern) => nummern.map((b) => {
  const punkte = [];
  for (let k = 0; k < boegen[b].length; k += 2) punkte.push(alsOrt(boegen[b][k], boegen[b][k + 1]));
  return punkte;
});
/* Nächstes Gebiet in einer Himmelsrichtung, gemessen an den Mitten. */
const RICHTUNG = { ArrowUp: [0, -1, "Norden"], ArrowDown: [0, 1, "Süden"], ArrowLeft: [-1, 0, "Westen"], ArrowRight: [1, 0, "Osten"] };
function nachbar(i, [rx, ry]) {
  let bester = -1, kleinster = Infinity;
  for (let j = 0; j < anzahl; j += 1) {
    const dx = mitten[2 * j] - mitten[2 * i], dy = mitten[2 * j + 1] - mitten[2 * i + 1];
    const laengs = dx * rx + dy * ry, seitlich = Math.abs(dx * ry) + Math.abs(dy * rx);
    const mass = Math.hypot(laengs, 2 * seitlich);
    if (j !== i && laengs > 0 && seitlich <= laengs * 1.2 && mass < kleinster) { bester = j; kleinster = mass; }
  }
  return bester;
}
/* Welches Gebiet liegt an einem Punkt? Über ein Gitter, damit es bei vielen schnell bleibt. */
const gitter = { seite: Math.max(1, Math.round(Math.sqrt(anzahl))), zellen: null };
function gebietAn(x, y) {
  const alle = gitter.alle || (gitter.alle = [0, 1].map((d) => {
    let klein = 2, gross = -1;
    for (let i = 0; i < anzahl; i += 1) { klein = Math.min(klein, kasten[4 * i + d]); gross = Math.max(gross, kasten[4 * i + 2 + d]); }
    return [klein, Math.max(gross - klein, 1e-12)];
  }));
  const zelle = (wert, d) => Math.max(0, Math.min(gitter.seite - 1, Math.floor(((wert - alle[d][0]) / alle[d][1]) * gitter.seite)));
  if (!gitter.zellen) {
    gitter.zellen = Array.from({ length: gitter.seite ** 2 }, () => []);
    for (let i = 0; i < anzahl; i += 1) {
      for (let sx = zelle(kasten[4 * i], 0); sx <= zelle(kasten[4 * i + 2], 0); sx += 1) {
        for (let sy = zelle(kasten[4 * i + 1], 1); sy <= zelle(kasten[4 * i + 3], 1); sy += 1) gitter.zellen[sy * gitter.seite + sx].push(i);
      }
    }
  }
  const drin = (i) => {
    if (x < kasten[4 * i] || x > kasten[4 * i + 2] || y < kasten[4 * i + 1] || y > kasten[4 * i + 3]) return false;
    let innen = false;
    ringe[i].forEach((ring) => {
      let ax = null, ay = null;
      folgeRing(ring, (bx, by) => {
        if (ax !== null && (ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) innen = !innen;
        ax = bx; ay = by;
      });
    });
    return innen;
  };
  const gefunden = gitter.zellen[zelle(y, 1) * gitter.seite + zelle(x, 0)].find(drin);
  return gefunden === undefined ? -1 : gefunden;
}
