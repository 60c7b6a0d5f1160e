/* Karte, Legende, Profil und Tabelle zeigen denselben Zustand: Ebene und Gebiet.
   Texte aus den Daten kommen nur über textContent in die Seite. */
(function () {
  "use strict";
  const daten = window.kartendaten;
  const { karte, flaechen, grenzen } = window.quartierskarte;
  const G = daten.gebiete, anzahl = G.schluessel.length;
  const [einzahl, mehrzahl] = daten.wort;
  const finde = (id) => document.getElementById(id);
  const zustand = { ebene: 0, gewaehlt: -1, fokus: 0, spalte: "schluessel", auf: true, zurueck: null };
  const SVG = "http://www.w3.org/2000/svg";
  const TINTE = "#14202b";

  /* ---------- Bausteine ---------- */
  function knoten(name, text, klasse) {
    const neu = document.createElement(name);
    if (text !== undefined && text !== null) neu.textContent = text;
    if (klasse) neu.className = klasse;
    return neu;
  }
  /* Namen stehen in <bdi>: eine andere Schreibrichtung bleibt im Namen. */
  const eigenname = (text, huelle) => {
    const aussen = knoten(huelle || "span");
    aussen.append(knoten("bdi", text));
    return aussen;
  };
  function svg(name, werte) {
    const neu = document.createElementNS(SVG, name);
    Object.entries(werte).forEach(([schluessel, wert]) => neu.setAttribute(schluessel, wert));
    return neu;
  }
  const ebene = () => daten.ebenen[zustand.ebene];
  const klasseVon = (i, e = ebene()) => e.klassen[e.klasse[i]];
  const bezirk = (i) => daten.bezirke[G.bezirk[i]];
  function zahl(wert, stellen) {
    const [ganz, bruch] = Math.abs(wert).toFixed(stellen).split(".");
    const gruppen = ganz.replace(/\B(?=(\d{3})+$)/g, ".");
    return (wert < 0 ? "−" : "") + gruppen + (bruch ? "," + bruch : "");
  }
  function wertText(i, e = ebene()) {
    const klasse = klasseVon(i, e);
    if (!klasse.zahl || !e.werte) return klasse.text;
    return zahl(e.werte[i], e.stellen) + (e.einheit ? "\u00a0" + e.einheit : "");
  }
  function klassenText(klasse, e = ebene()) {
    if (!klasse.zahl) return klasse.text;
    return (e.geordnet ? "Klasse " : "Typ ") + klasse.zeichen + ": " + klasse.text;
  }
  function aussage(i, e = ebene()) {
    const klasse = klasseVon(i, e);
    if (!klasse.zahl) return klasse.text;
    const teile = e.werte ? [wertText(i, e)] : [];
    teile.push(klassenText(klasse, e));
    if (e.zusatz && e.zusatz[i]) teile.push(e.zusatz_titel + ": " + e.zusatz[i]);
    return teile.join(", ");
  }
  const vorgelesen = (i) => `${G.name[i]}, Stadtbezirk ${bezirk(i)}, ${ebene().titel}: ${aussage(i)}`;
  function melde(text) { finde("meldung").textContent = text; }

  /* ---------- Muster ---------- */
  const vorrat = svg("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" });
  document.body.append(vorrat);
  const fuellungen = new Map();
  function fuellung(klasse) {
    const muster = daten.muster[klasse.muster];
    if (!muster) return klasse.farbe;
    const name = klasse.muster + klasse.farbe.slice(1);
    if (!fuellungen.has(name)) {
      const [kante, pfad] = muster;
      const kachel = svg("pattern", { id: name, width: kante, height: kante, patternUnits: "userSpaceOnUse" });
      kachel.append(
        svg("rect", { width: kante, height: kante, fill: klasse.farbe }),
        svg("path", { d: pfad, fill: "none", stroke: "#4d5a66", "stroke-width": 1.1 }),
      );
      vorrat.append(kachel);
      fuellungen.set(name, `url(#${name})`);
    }
    return fuellungen.get(name);
  }
  function feld(klasse, klein) {
    const bild = svg("svg", { class: klein ? "feld klein" : "feld", "aria-hidden": "true" });
    bild.append(svg("rect", { x: 0.5, y: 0.5, width: "100%", height: "100%", fill: fuellung(klasse), stroke: TINTE, style: "width:calc(100% - 1px);height:calc(100% - 1px)" }));
    return bild;
  }

  /* ---------- Karte ---------- */
  const lagen = [];
  flaechen.eachLayer((lage) => { lagen[lage.feature.id] = lage; });
  ["umrisse", "zeichen"].forEach((name, i) => {
    const blatt = karte.createPane(name);
    blatt.style.zIndex = 420 + 10 * i;
    blatt.style.pointerEvents = "none";
  });
  const zeichenblatt = karte.getPane("zeichen");
  zeichenblatt.classList.add("zeichenebene");
  zeichenblatt.setAttribute("aria-hidden", "true");
  const linie = (weight, color, dashArray) =>
    L.polygon([], { pane: "umrisse", interactive: false, fill: false, weight, color, dashArray, smoothFactor: 0.4 }).addTo(karte);
  const umrisse = {
    zeigt: [linie(3, TINTE)],
    gewaehlt: [linie(6, TINTE), linie(2.5, "#fff", "1 6")],
    fokus: [linie(8, TINTE), linie(3.5, "#fff")],
  };
  function umreisse(rolle, i) {
    umrisse[rolle].forEach((l) => l.setLatLngs(i < 0 ? [] : lagen[i].getLatLngs()));
  }
  let grenzlinien = null;
  if (grenzen) {
    grenzen.setStyle({ fill: false, color: TINTE, weight: 2.6, opacity: 1 });
    const unterlage = L.geoJSON(grenzen.toGeoJSON(), { pane: "grenzen", interactive: false, smoothFactor: 0.4, style: { fill: false, color: "#fff", weight: 5.5, opacity: 1 } });
    grenzlinien = L.layerGroup([unterlage, grenzen]).addTo(karte);
    grenzlinien.on("add", () => grenzen.bringToFront());
    grenzen.bringToFront();
  }
  const ausschnitt = flaechen.getBounds();
  function ganzeKarte() {
    karte.invalidateSize({ animate: false });
    karte.fitBounds(ausschnitt, { animate: false, padding: [8, 8] });
  }
  ganzeKarte();
  karte.setMinZoom(karte.getZoom() - 1);
  karte.setMaxBounds(ausschnitt.pad(0.4));
  L.control.zoom({ zoomInTitle: "Karte vergrößern", zoomOutTitle: "Karte verkleinern" }).addTo(karte);
  const Zurueck = L.Control.extend({
    onAdd() {
      const leiste = L.DomUtil.create("div", "leaflet-bar");
      const knopf = L.DomUtil.create("a", "", leiste);
      knopf.href = "#"; knopf.textContent = "⤢"; knopf.title = "Ganzes Gebiet zeigen";
      knopf.setAttribute("role", "button"); knopf.setAttribute("aria-label", knopf.title);
      L.DomEvent.disableClickPropagation(leiste);
      L.DomEvent.on(knopf, "click", (e) => { L.DomEvent.stop(e); ganzeKarte(); });
      return leiste;
    },
  });
  new Zurueck({ position: "topleft" }).addTo(karte);
  const rahmen = karte.getContainer();
  rahmen.setAttribute("role", "application");
  rahmen.setAttribute("aria-describedby", "kartenhilfe");

  /* ---------- Hinweisfeld ---------- */
  const tipp = L.tooltip({ className: "tipp", direction: "top", offset: [0, -6], opacity: 1 });
  function zeigeTipp(i, ort) {
    const inhalt = knoten("div"), klasse = klasseVon(i), zeile = knoten("span", null, "klasse");
    inhalt.append(eigenname(G.name[i], "strong"), knoten("span", "Stadtbezirk " + bezirk(i)), knoten("br"));
    if (klasse.zahl && ebene().werte) inhalt.append(knoten("strong", wertText(i)));
    zeile.append(feld(klasse, true), knoten("span", klassenText(klasse)));
    inhalt.append(zeile);
    const zusatz = ebene().zusatz && ebene().zusatz[i];
    if (zusatz) inhalt.append(knoten("span", ebene().zusatz_titel + ": " + zusatz));
    const punkt = karte.latLngToContainerPoint(ort);
    tipp.options.direction = punkt.y < 150 ? "bottom" : "top";
    tipp.options.offset = L.point(0, punkt.y < 150 ? 12 : -6);
    tipp.setContent(inhalt).setLatLng(ort).openOn(karte);
    tipp.getElement().setAttribute("aria-hidden", "true");
  }
  const mitte = (i) => L.latLng(G.mitte[i][1], G.mitte[i][0]);
  const versteckeTipp = () => { karte.closeTooltip(tipp); umreisse("zeigt", -1); };

  /* ---------- Tastatur und Maus auf den Flächen ---------- */
  const cosinus = Math.cos((ausschnitt.getCenter().lat * Math.PI) / 180);
  const RICHTUNG = { ArrowUp: [0, 1, "Norden"], ArrowDown: [0, -1, "Süden"], ArrowLeft: [-1, 0, "Westen"], ArrowRight: [1, 0, "Osten"] };
  function nachbar(i, [rx, ry]) {
    let bester = -1, kleinster = Infinity;
    for (let j = 0; j < anzahl; j += 1) {
      const dx = (G.mitte[j][0] - G.mitte[i][0]) * cosinus, dy = G.mitte[j][1] - G.mitte[i][1];
      const laengs = dx * rx + dy * ry, quer = Math.abs(dx * ry) + Math.abs(dy * rx);
      const mass = Math.hypot(laengs, 2 * quer);
      if (j !== i && laengs > 0 && quer <= laengs * 1.2 && mass < kleinster) { bester = j; kleinster = mass; }
    }
    return bester;
  }
  function fokussiere(i) {
    lagen[zustand.fokus].getElement().setAttribute("tabindex", "-1");
    zustand.fokus = i;
    const pfad = lagen[i].getElement();
    pfad.setAttribute("tabindex", "0");
    pfad.focus({ preventScroll: true });
  }
  function aufTaste(i, e) {
    if (RICHTUNG[e.key]) {
      const ziel = nachbar(i, RICHTUNG[e.key]);
      if (ziel < 0) melde(`Kein ${einzahl} weiter im ${RICHTUNG[e.key][2]}.`);
      else fokussiere(ziel);
    } else if (e.key === "Enter" || e.key === " ") waehle(i, true);
    else if (e.key === "Escape") versteckeTipp();
    else if (e.key === "+") karte.zoomIn();
    else if (e.key === "-" || e.key === "−") karte.zoomOut();
    else if (e.key === "Home") fokussiere(0);
    else if (e.key === "End") fokussiere(anzahl - 1);
    else return;
    e.preventDefault();
  }
  lagen.forEach((lage, i) => {
    const pfad = lage.getElement();
    pfad.setAttribute("role", "button");
    pfad.setAttribute("tabindex", i === 0 ? "0" : "-1");
    pfad.dataset.gebiet = G.schluessel[i];
    pfad.addEventListener("keydown", (e) => aufTaste(i, e));
    pfad.addEventListener("focus", () => {
      karte.panInside(mitte(i), { padding: [60, 60], animate: false });
      umreisse("fokus", i); zeigeTipp(i, mitte(i));
    });
    pfad.addEventListener("blur", () => { umreisse("fokus", -1); versteckeTipp(); });
    lage.on("mouseover mousemove", (e) => { umreisse("zeigt", i); zeigeTipp(i, e.latlng); });
    lage.on("mouseout", versteckeTipp);
    lage.on("click", () => { fokussiere(i); waehle(i, false); });
  });

  /* ---------- Beschriftung ---------- */
  const stift = document.createElement("canvas").getContext("2d");
  const breite = (text, schrift) => { stift.font = schrift; return stift.measureText(text).width; };
  const schriftart = getComputedStyle(document.body).fontFamily;
  /* Nur auf hellen Flächen ohne Linien ist Schrift ohne Unterlage lesbar (4,5 : 1). */
  function hellUndGlatt({ farbe, muster }) {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(farbe.slice(i, i + 2), 16));
    return muster === "voll" && 0.299 * r + 0.587 * g + 0.114 * b > 150;
  }
  function zeilen(name) {
    const teile = name.split(/(?<=[\s/-])/);
    if (teile.length < 2) return [name];
    let beste = null;
    for (let i = 1; i < teile.length; i += 1) {
      const paar = [teile.slice(0, i).join("").trim(), teile.slice(i).join("").trim()];
      const laenge = Math.max(paar[0].length, paar[1].length);
      if (!beste || laenge < beste.laenge) beste = { paar, laenge };
    }
    return beste.paar;
  }
  function beschrifte() {
    const belegt = [], neu = document.createDocumentFragment();
    const frei = (r) => belegt.every((b) => r[0] >= b[2] || r[2] <= b[0] || r[1] >= b[3] || r[3] <= b[1]);
    const kasten = (p, b, h) => [p.x - b / 2, p.y - h / 2, p.x + b / 2, p.y + h / 2];
    const setze = (p, klasse, texte, b, h) => {
      const r = kasten(p, b, h);
      if (!frei(r)) return false;
      belegt.push(r);
      const marke = knoten("span", null, klasse);
      texte.forEach((t, i) => { if (i) marke.append(knoten("br")); marke.append(knoten("bdi", t)); });
      marke.style.left = `${Math.round(p.x)}px`; marke.style.top = `${Math.round(p.y)}px`;
      neu.append(marke);
      return true;
    };
    const masse = lagen.map((lage) => {
      const b = lage.getBounds(), no = karte.latLngToLayerPoint(b.getNorthEast()), sw = karte.latLngToLayerPoint(b.getSouthWest());
      return { b: no.x - sw.x, h: sw.y - no.y };
    });
    const orte = G.schluessel.map((_, i) => karte.latLngToLayerPoint(mitte(i)));
    const markiert = orte.map((p, i) => {
      const zeichen = klasseVon(i).zeichen, b = 12 + 7 * zeichen.length;
      return masse[i].b > b * 1.2 && masse[i].h > 18 && setze(p, "marke", [zeichen], b, 15);
    });
    if (grenzlinien && karte.hasLayer(grenzlinien)) {
      daten.bezirksorte.forEach(([name, lon, lat]) => {
        const p = karte.latLngToLayerPoint([lat, lon]), b = breite(name.toUpperCase(), `700 12px ${schriftart}`) + 12 + name.length * 0.7;
        [[0, 0], [0, -18], [0, 18], [0, -34], [0, 34], [-30, -18], [30, -18], [-30, 18], [30, 18], [0, -52], [0, 52], [-50, 0], [50, 0]]
          .some(([x, y]) => setze(p.add([x, y]), "bezirk", [name], b, 18));
      });
    }
    if (finde("namenwahl").checked) {
      orte.forEach((p, i) => {
        const passt = (texte) => Math.max(...texte.map((t) => breite(t, `11px ${schriftart}`))) + 4;
        const versuche = [[G.name[i]], zeilen(G.name[i])].map((t) => ({ t, b: passt(t), h: 13 * t.length }));
        versuche.filter((v) => v.b < masse[i].b * 0.95 && v.h + 16 < masse[i].h * 0.9).some((v) => {
          const abstand = markiert[i] ? 8 + v.h / 2 : 0;
          return [-abstand, abstand].some((y) => setze(p.add([0, y]), hellUndGlatt(klasseVon(i)) ? "name" : "name aufmuster", v.t, v.b, v.h));
        });
      });
    }
    zeichenblatt.replaceChildren(neu);
  }
  karte.on("zoomend resize", beschrifte);

  /* ---------- Angebote ---------- */
  const punktlage = L.layerGroup();
  daten.punkte.forEach(([lon, lat, name, text]) => {
    const marke = L.marker([lat, lon], { keyboard: false, icon: L.divIcon({ className: "angebot", iconSize: [9, 9], html: knoten("i") }) });
    const inhalt = knoten("div");
    inhalt.append(eigenname(name, "strong"), knoten("span", text));
    marke.bindTooltip(inhalt, { className: "tipp", direction: "top", offset: [0, -6], opacity: 1 });
    punktlage.addLayer(marke);
  });
  if (finde("punkteliste")) {
    karte.getPane("markerPane").setAttribute("aria-hidden", "true");
    punktlage.addTo(karte);
    const liste = knoten("ul");
    daten.punkte.forEach(([, , name, text]) => {
      const punkt = knoten("li");
      punkt.append(eigenname(name, "strong"), knoten("span", text ? " – " + text : ""));
      liste.append(punkt);
    });
    finde("punkteliste").append(liste);
  }

  /* ---------- Legende ---------- */
  function zeigeLegende() {
    const e = ebene(), ziel = finde("legende"), liste = knoten("ul");
    e.klassen.forEach((klasse) => {
      const zeile = knoten("li", null, klasse.zahl ? "" : "luecke");
      const wort = klasse.anzahl === 1 ? einzahl : mehrzahl, wortlaut = knoten("span", klasse.text + " ");
      wortlaut.append(knoten("span", `${klasse.anzahl} ${wort}`, "zahl"));
      zeile.append(feld(klasse), knoten("span", klasse.zeichen, "zeichen"), wortlaut);
      liste.append(zeile);
    });
    const teile = [knoten("p", e.kopf, "einheit"), liste];
    if (e.stand) teile.push(knoten("p", "Stand: " + e.stand, "fuss"));
    if (e.quelle) teile.push(knoten("p", "Quelle: " + e.quelle, "fuss"));
    e.hinweise.forEach((satz) => teile.push(knoten("p", satz, "fuss")));
    ziel.replaceChildren(...teile);
  }

  /* ---------- Profil ---------- */
  function paar(name, inhalt) {
    const huelle = knoten("div");
    huelle.append(knoten("dt", name), inhalt);
    return huelle;
  }
  function zeigeProfil() {
    const i = zustand.gewaehlt, titel = finde("profiltitel"), ziel = finde("profilinhalt");
    finde("profil").classList.toggle("leeresprofil", i < 0);
    if (i < 0) {
      titel.textContent = "Profil";
      ziel.replaceChildren(knoten("p", `Noch kein ${einzahl} gewählt. Klick oder Eingabe auf der Karte öffnet hier das Profil.`));
      return;
    }
    titel.replaceChildren("Profil: ", knoten("bdi", G.name[i]));
    const kopf = knoten("div", null, "kopfzeile"), liste = knoten("dl"), knopf = knoten("button", "Schließen", "schliessen");
    knopf.type = "button";
    knopf.addEventListener("click", schliesse);
    kopf.append(knoten("p", `Schlüssel ${G.schluessel[i]} · Stadtbezirk ${bezirk(i)}`), knopf);
    daten.ebenen.forEach((e) => {
      const klasse = klasseVon(i, e), inhalt = knoten("dd");
      inhalt.append(feld(klasse, true), knoten("strong", klasse.zahl && !e.werte ? klassenText(klasse, e) : wertText(i, e)));
      if (klasse.zahl && e.werte) inhalt.append(knoten("small", klassenText(klasse, e)));
      if (e.zusatz && e.zusatz[i]) inhalt.append(knoten("small", e.zusatz_titel + ": " + e.zusatz[i]));
      liste.append(paar(e.titel, inhalt));
    });
    (daten.profile[i] || []).forEach(([name, text]) => liste.append(paar(name, knoten("dd", text))));
    ziel.replaceChildren(kopf, liste);
  }
  function waehle(i, springe) {
    if (i >= 0) zustand.zurueck = document.activeElement;
    zustand.gewaehlt = i;
    umreisse("gewaehlt", i);
    lagen.forEach((lage, j) => lage.getElement().setAttribute("aria-pressed", String(j === i)));
    zeigeProfil(); markiereZeile();
    if (springe) finde("profiltitel").focus();
    else if (i >= 0) {
      melde(`Profil von ${G.name[i]} ist geöffnet.`);
      /* Auf schmalen Seiten steht das Profil unter der Karte. */
      const profil = finde("profil");
      if (profil.getBoundingClientRect().top > window.innerHeight - 60) profil.scrollIntoView({ block: "center" });
    }
  }
  function schliesse() {
    const vorher = zustand.gewaehlt;
    waehle(-1, false);
    if (zustand.zurueck && zustand.zurueck.isConnected && zustand.zurueck.tagName === "BUTTON") zustand.zurueck.focus();
    else if (vorher >= 0) {
      fokussiere(vorher);
      rahmen.scrollIntoView({ block: "nearest" });
    }
    melde("Profil geschlossen.");
  }
  finde("profil").addEventListener("keydown", (e) => { if (e.key === "Escape" && zustand.gewaehlt >= 0) schliesse(); });

  /* ---------- Tabelle ---------- */
  const ordnung = new Intl.Collator("de", { numeric: true });
  function spalten() {
    const e = ebene(), liste = [
      { id: "schluessel", titel: "Schlüssel", wert: (i) => i },
      { id: "name", titel: einzahl, wert: (i) => G.name[i] },
      { id: "bezirk", titel: "Stadtbezirk", wert: bezirk, klasse: "spaltebezirk" },
    ];
    if (e.werte) liste.push({ id: "wert", titel: e.einheit || "Wert", wert: (i) => e.werte[i], klasse: "rechts" });
    liste.push({ id: "klasse", titel: e.geordnet ? "Klasse" : "Typ", wert: (i) => (klasseVon(i).zahl ? e.klasse[i] : null), klasse: "spalteklasse" });
    if (e.zusatz) liste.push({ id: "zusatz", titel: e.zusatz_titel, wert: (i) => e.zusatz[i] || null });
    return liste;
  }
  /* Lücken stehen immer am Ende; gleiche Werte bleiben nach Schlüssel geordnet. */
  function reihenfolge(spalte) {
    const wert = spalte.wert, sinn = zustand.auf ? 1 : -1;
    return [...G.schluessel.keys()].sort((a, b) => {
      const x = wert(a), y = wert(b);
      if (x === null || y === null) return (x === null) - (y === null) || a - b;
      const stand = typeof x === "number" ? x - y : ordnung.compare(x, y);
      return stand * sinn || a - b;
    });
  }
  function kopfzelle(spalte) {
    const zelle = knoten("th", null, spalte.klasse), knopf = knoten("button", spalte.titel);
    const aktiv = spalte.id === zustand.spalte, pfeil = knoten("span", aktiv ? (zustand.auf ? "▲" : "▼") : "↕", "pfeil");
    pfeil.setAttribute("aria-hidden", "true");
    zelle.scope = "col";
    if (aktiv) zelle.setAttribute("aria-sort", zustand.auf ? "ascending" : "descending");
    knopf.type = "button"; knopf.dataset.spalte = spalte.id; knopf.append(pfeil);
    knopf.addEventListener("click", () => {
      zustand.auf = aktiv ? !zustand.auf : true;
      zustand.spalte = spalte.id;
      zeigeTabelle();
      document.querySelector(`[data-spalte="${spalte.id}"]`).focus();
      melde(`Geordnet nach ${spalte.titel}, ${zustand.auf ? "aufsteigend" : "absteigend"}.`);
    });
    zelle.append(knopf);
    return zelle;
  }
  function zeile(i, liste) {
    const neu = knoten("tr"), e = ebene(), klasse = klasseVon(i);
    neu.dataset.gebiet = i;
    liste.forEach((spalte) => {
      const zelle = knoten(spalte.id === "name" ? "th" : "td", null, spalte.klasse);
      if (spalte.id === "name") {
        const knopf = eigenname(G.name[i], "button");
        knopf.type = "button";
        knopf.addEventListener("click", () => waehle(i, true));
        zelle.scope = "row";
        zelle.append(knopf);
      } else if (spalte.id === "wert") zelle.textContent = klasse.zahl ? zahl(e.werte[i], e.stellen) : klasse.text;
      else if (spalte.id === "klasse") zelle.append(feld(klasse, true), knoten("span", klassenText(klasse)));
      else if (spalte.id === "schluessel") zelle.textContent = G.schluessel[i];
      else if (spalte.id === "bezirk") zelle.append(knoten("bdi", bezirk(i)));
      else zelle.textContent = spalte.wert(i) || "";
      neu.append(zelle);
    });
    neu.addEventListener("mouseenter", () => umreisse("zeigt", i));
    neu.addEventListener("mouseleave", () => umreisse("zeigt", -1));
    return neu;
  }
  function zeigeTabelle() {
    const liste = spalten();
    let spalte = liste.find((s) => s.id === zustand.spalte);
    if (!spalte) { zustand.spalte = "schluessel"; zustand.auf = true; [spalte] = liste; }
    const tabelle = knoten("table"), kopf = knoten("thead"), rumpf = knoten("tbody"), kopfreihe = knoten("tr");
    kopfreihe.append(...liste.map(kopfzelle));
    kopf.append(kopfreihe);
    rumpf.append(...reihenfolge(spalte).map((i) => zeile(i, liste)));
    tabelle.append(knoten("caption", ebene().titel + (ebene().stand ? `, Stand: ${ebene().stand}` : "")), kopf, rumpf);
    const rolle = knoten("div", null, "tabellenrolle");
    rolle.tabIndex = 0; rolle.setAttribute("role", "region"); rolle.setAttribute("aria-label", "Tabelle: " + ebene().titel);
    rolle.append(tabelle);
    finde("tabelle").replaceChildren(rolle);
    markiereZeile();
  }
  function markiereZeile() {
    document.querySelectorAll("#tabelle tbody tr").forEach((reihe) => {
      reihe.classList.toggle("gewaehlt", Number(reihe.dataset.gebiet) === zustand.gewaehlt);
    });
  }

  /* ---------- Ebenen ---------- */
  function zeigeEbene(nummer) {
    zustand.ebene = nummer;
    const e = ebene();
    finde("kartentitel").textContent = e.titel + (e.stand ? `, Stand: ${e.stand}` : "");
    rahmen.setAttribute("aria-label", `Karte: ${e.titel}`);
    lagen.forEach((lage, i) => {
      lage.setStyle({ fillColor: fuellung(klasseVon(i)), fillOpacity: 1, color: TINTE, weight: anzahl > 200 ? 0.5 : 0.9, opacity: 1 });
      lage.getElement().setAttribute("aria-label", vorgelesen(i));
    });
    zeigeLegende(); zeigeTabelle(); beschrifte();
  }
  finde("ebenenwahl").addEventListener("submit", (e) => e.preventDefault());
  finde("ebenenwahl").addEventListener("change", (e) => {
    if (e.target.name === "ebene") {
      zeigeEbene(Number(e.target.value));
      const zahlen = ebene().klassen.map((k) => `${k.text}: ${k.anzahl}`).join("; ");
      melde(`Die Karte zeigt jetzt ${ebene().titel}. ${zahlen}.`);
    } else if (e.target.id === "grenzenwahl") {
      if (e.target.checked) grenzlinien.addTo(karte); else karte.removeLayer(grenzlinien);
      beschrifte();
    } else if (e.target.id === "punktewahl") {
      if (e.target.checked) punktlage.addTo(karte); else karte.removeLayer(punktlage);
    } else beschrifte();
  });

  /* Ein wiederhergestelltes Formular (Zurück-Taste) soll zur Karte passen. */
  const gesetzt = document.querySelector('input[name="ebene"]:checked');
  zeigeProfil();
  waehle(-1, false);
  zeigeEbene(gesetzt ? Number(gesetzt.value) : 0);

  /* Beim Drucken hat der Rahmen eine feste Größe: Ausschnitt neu einpassen. */
  let zuvor = null;
  window.addEventListener("beforeprint", () => {
    zuvor = { mitte: karte.getCenter(), stufe: karte.getZoom(), breite: rahmen.parentElement.style.cssText };
    rahmen.parentElement.style.cssText = "width:184mm;height:118mm";
    ganzeKarte();
  });
  window.addEventListener("afterprint", () => {
    if (!zuvor) return;
    rahmen.parentElement.style.cssText = zuvor.breite;
    karte.invalidateSize({ animate: false });
    karte.setView(zuvor.mitte, zuvor.stufe, { animate: false });
    zuvor = null;
  });
  /* Auf dem Handy ändert schon die Adressleiste die Höhe: nur die Breite zählt. */
  let fensterbreite = window.innerWidth;
  window.addEventListener("resize", () => {
    if (zuvor || window.innerWidth === fensterbreite) return;
    fensterbreite = window.innerWidth;
    ganzeKarte();
  });
})();
