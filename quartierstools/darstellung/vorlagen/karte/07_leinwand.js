/* Sehr viele Flächen: eine Leinwand zeichnet sie, ein Stellvertreter trägt den Fokus. */
const Leinwand = L.Layer.extend({
  onAdd(karte) {
    this._bild = L.DomUtil.create("canvas", "leinwand leaflet-zoom-hide", karte.getPane("overlayPane"));
    this._bild.setAttribute("aria-hidden", "true");
    karte.on("moveend zoomend resize viewreset", this.zeichne, this);
    this.zeichne();
  },
  zeige(sicht, deckkraft) {
    this._sicht = sicht;
    this._deckkraft = deckkraft;
    if (this._map) this.zeichne();
  },
  zeichne() {
    const karte = this._map, sicht = this._sicht, groesse = karte.getSize();
    if (!sicht || !groesse.x) return;
    const rand = groesse.multiplyBy(0.2).round(), ecke = karte.containerPointToLayerPoint([0, 0]).subtract(rand);
    const breit = groesse.x + 2 * rand.x, hochsinn = groesse.y + 2 * rand.y, dichte = window.devicePixelRatio || 1;
    this._bild.width = breit * dichte; this._bild.height = hochsinn * dichte;
    this._bild.style.width = `${breit}px`; this._bild.style.height = `${hochsinn}px`;
    L.DomUtil.setPosition(this._bild, ecke);
    const stift = this._bild.getContext("2d");
    stift.scale(dichte, dichte);
    const weite = 256 * 2 ** karte.getZoom(), null0 = karte.getPixelOrigin().add(ecke);
    const lage = { weite, x0: null0.x, y0: null0.y, breit, hoch: hochsinn };
    this._fuelle(stift, sicht, lage);
    this._linien(stift, lage);
  },
  _fuelle(stift, sicht, lage) {
    const { weite, x0, y0, breit, hoch: h } = lage;
    const nachKlasse = sicht.klassen.map(() => []);
    for (let i = 0; i < anzahl; i += 1) {
      if (kasten[4 * i + 2] * weite < x0 || kasten[4 * i] * weite > x0 + breit) continue;
      if (kasten[4 * i + 3] * weite < y0 || kasten[4 * i + 1] * weite > y0 + h) continue;
      nachKlasse[sicht.klasse[i]].push(i);
    }
    stift.globalAlpha = this._deckkraft;
    nachKlasse.forEach((gebiete, k) => {
      stift.fillStyle = pinselfarbe(stift, sicht.klassen[k]);
      for (let von = 0; von < gebiete.length; von += 100) {
        stift.beginPath();
        gebiete.slice(von, von + 100).forEach((i) => ringe[i].forEach((ring) => {
          let erster = true;
          folgeRing(ring, (x, y) => {
            if (erster) { stift.moveTo(x * weite - x0, y * weite - y0); erster = false; }
            else stift.lineTo(x * weite - x0, y * weite - y0);
          });
          stift.closePath();
        }));
        stift.fill("evenodd");
      }
    });
    stift.globalAlpha = 1;
  },
  /* Grenzen der Gebiete erst, wenn sie die Farben nicht zudecken. */
  _linien(stift, { weite, x0, y0, breit, hoch: h }) {
    const mittlere = Math.sqrt(((kasten[2] - kasten[0]) || 1e-9) * ((kasten[3] - kasten[1]) || 1e-9)) * weite;
    if (mittlere < 5) return;
    stift.strokeStyle = TINTE;
    stift.lineWidth = mittlere < 14 ? 0.25 : 0.6;
    for (let von = 0; von < boegen.length; von += 300) {
      stift.beginPath();
      for (let b = von; b < Math.min(von + 300, boegen.length); b += 1) {
        const bogen = boegen[b], px = bogen[0] * weite - x0, py = bogen[1] * weite - y0;
        if (px < -breit || px > 2 * breit || py < -h || py > 2 * h) continue;
        stift.moveTo(px, py);
        for (let k = 2; k < bogen.length; k += 2) stift.lineTo(bogen[k] * weite - x0, bogen[k + 1] * weite - y0);
      }
      stift.stroke();
    }
  },
});
function flaechenLeinwand(blatt) {
  const lage = new Leinwand(), vertreter = knoten("div", null, "stellvertreter");
  lage.addTo(blatt.karte);
  vertreter.setAttribute("role", "button");
  vertreter.tabIndex = 0;
  vertreter.setAttribute("aria-pressed", "false");
  blatt.karte.getContainer().append(vertreter);
  let sichtbar = null;
  const benenne = (i) => {
    vertreter.dataset.gebiet = G.schluessel[i];
    vertreter.setAttribute("aria-pressed", String(i === zustand.gewaehlt));
    if (sichtbar) vertreter.setAttribute("aria-label", vorgelesen(sichtbar, i));
  };
  vertreter.addEventListener("keydown", (e) => blatt.aufTaste(e));
  vertreter.addEventListener("focus", () => blatt.beimFokus(blatt.fokus));
  vertreter.addEventListener("blur", () => blatt.ohneFokus());
  const beiMaus = (e) => { const p = blatt.karte.project(e.latlng, 0); return gebietAn(p.x / 256, p.y / 256); };
  blatt.karte.on("mousemove", (e) => { const i = beiMaus(e); if (i < 0) blatt.verstecke(); else blatt.zeige(i, e.latlng); });
  blatt.karte.on("mouseout", () => blatt.verstecke());
  blatt.karte.on("click", (e) => { const i = beiMaus(e); if (i >= 0) { blatt.fokussiere(i); waehle(i, false); } });
  benenne(0);
  return {
    faerbe(sicht, deckkraft) { sichtbar = sicht; benenne(blatt.fokus); lage.zeige(sicht, deckkraft); },
    fokussiere(i) {
      blatt.fokus = i;
      benenne(i);
      if (document.activeElement === vertreter) { blatt.beimFokus(i); melde(vorgelesen(sichtbar, i)); }
      else vertreter.focus({ preventScroll: true });
    },
    gewaehlt() { benenne(blatt.fokus); },
  };
}
