/* Dieselben Angaben als Tabelle; ein Klick auf den Kopf ordnet. */
const ordnung = new Intl.Collator("de", { numeric: true });
function spalten(sicht) {
  const liste = [
    { id: "schluessel", titel: "Schlüssel", wert: (i) => i },
    { id: "name", titel: einzahl, wert: (i) => G.name[i] },
    { id: "bezirk", titel: "Stadtbezirk", wert: bezirk, klasse: "spaltebezirk" },
  ];
  if (sicht.werte) liste.push({ id: "wert", titel: sicht.einheit || "Wert", wert: (i) => sicht.werte[i], klasse: "rechts" });
  if (sicht.unten) liste.push({ id: "intervall", titel: "Intervall", wert: (i) => sicht.unten[i], klasse: "rechts spalteintervall" });
  liste.push({ id: "klasse", titel: sicht.unterschied ? "Unterschied" : sicht.geordnet ? "Klasse" : "Typ", wert: (i) => (istZahl(sicht, i) ? sicht.klasse[i] : null), klasse: "spalteklasse" });
  if (sicht.zusatz) liste.push({ id: "zusatz", titel: sicht.zusatzTitel, wert: (i) => sicht.zusatz[i] || null });
  return liste;
}
/* Lücken stehen immer am Ende; gleiche Werte bleiben nach Schlüssel geordnet. */
function reihenfolge(spalte) {
  const werte = G.schluessel.map((_, i) => spalte.wert(i)), sinn = zustand.auf ? 1 : -1;
  const leer = (x) => x === null || x === undefined;
  return [...G.schluessel.keys()].sort((a, b) => {
    const x = werte[a], y = werte[b];
    if (leer(x) || leer(y)) return leer(x) - leer(y) || a - b;
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
function tabellenzeile(i, liste, sicht) {
  const neu = knoten("tr"), klasse = klasseVon(sicht, i), da = klasse.art === "Zahl";
  neu.dataset.gebiet = i;
  liste.forEach((spalte) => {
    const zelle = knoten(spalte.id === "name" ? "th" : "td", null, spalte.klasse);
    if (spalte.id === "name") {
      const knopf = eigenname(G.name[i], "button");
      knopf.type = "button";
      knopf.addEventListener("click", () => waehle(i, true));
      zelle.scope = "row";
      zelle.append(knopf);
    } else if (spalte.id === "wert") zelle.textContent = da ? zahl(sicht.werte[i], sicht.stellen, sicht.unterschied) : klasse.text;
    else if (spalte.id === "intervall") zelle.textContent = da && sicht.unten[i] !== null ? `${zahl(sicht.unten[i], sicht.stellen)} bis ${zahl(sicht.oben[i], sicht.stellen)}` : "–";
    else if (spalte.id === "klasse") zelle.append(feld(klasse, true), knoten("span", klassenText(sicht, klasse)));
    else if (spalte.id === "schluessel") zelle.textContent = G.schluessel[i];
    else if (spalte.id === "bezirk") zelle.append(knoten("bdi", bezirk(i)));
    else zelle.textContent = spalte.wert(i) || "";
    neu.append(zelle);
  });
  neu.addEventListener("mouseenter", () => blaetter.forEach((b) => b.umreisse("zeigt", i)));
  neu.addEventListener("mouseleave", () => blaetter.forEach((b) => b.umreisse("zeigt", -1)));
  return neu;
}
function zeigeTabelle() {
  const sicht = blaetter[0].sicht, liste = spalten(sicht);
  let spalte = liste.find((s) => s.id === zustand.spalte);
  if (!spalte) { zustand.spalte = "schluessel"; zustand.auf = true; [spalte] = liste; }
  const tabelle = knoten("table"), kopf = knoten("thead"), rumpf = knoten("tbody"), kopfreihe = knoten("tr");
  kopfreihe.append(...liste.map(kopfzelle));
  kopf.append(kopfreihe);
  const folge = reihenfolge(spalte);
  rumpf.append(...folge.slice(0, zustand.zeilen).map((i) => tabellenzeile(i, liste, sicht)));
  tabelle.append(knoten("caption", sicht.titel + standText(sicht)), kopf, rumpf);
  const rolle = knoten("div", null, "tabellenrolle");
  rolle.tabIndex = 0; rolle.setAttribute("role", "region"); rolle.setAttribute("aria-label", `Tabelle: ${sicht.titel}`);
  rolle.append(tabelle);
  finde("tabelle").replaceChildren(rolle, ...weitereZeilen(folge, liste, sicht, rumpf));
  markiereZeile();
}
/* Bei sehr vielen Gebieten kommen die Zeilen in Schritten. */
function weitereZeilen(folge, liste, sicht, rumpf) {
  if (folge.length <= zustand.zeilen) return [];
  const knopf = knoten("button", "", "knopf");
  const benenne = () => { knopf.textContent = `Weitere ${Math.min(SEITE, folge.length - zustand.zeilen)} von ${zahl(folge.length, 0)} zeigen`; };
  knopf.type = "button";
  benenne();
  knopf.addEventListener("click", () => {
    rumpf.append(...folge.slice(zustand.zeilen, zustand.zeilen + SEITE).map((i) => tabellenzeile(i, liste, sicht)));
    zustand.zeilen += SEITE;
    markiereZeile();
    if (zustand.zeilen >= folge.length) knopf.remove(); else benenne();
  });
  return [knopf];
}
function markiereZeile() {
  document.querySelectorAll("#tabelle tbody tr.gewaehlt").forEach((reihe) => reihe.classList.remove("gewaehlt"));
  const reihe = zustand.gewaehlt < 0 ? null : document.querySelector(`#tabelle tr[data-gebiet="${zustand.gewaehlt}"]`);
  if (reihe) reihe.classList.add("gewaehlt");
}
