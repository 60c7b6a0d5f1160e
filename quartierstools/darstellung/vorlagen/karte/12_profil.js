/* Das Profil eines Gebiets: was gezeigt wird zuerst, dann alle Ebenen, Beiträge, Angebote. */
function paar(name, ...inhalt) {
  const huelle = knoten("div"), wert = knoten("dd");
  wert.append(...inhalt);
  huelle.append(knoten("dt", name), wert);
  return huelle;
}
function ebenenpaar(sicht, i) {
  const klasse = klasseVon(sicht, i), da = klasse.art === "Zahl", teileDavon = [feld(klasse, true)];
  teileDavon.push(knoten("strong", da && !sicht.werte ? klassenText(sicht, klasse) : wertText(sicht, i)));
  if (da && sicht.werte) teileDavon.push(knoten("small", klassenText(sicht, klasse)));
  const intervall = da ? intervallText(sicht, i) : "";
  if (intervall) teileDavon.push(knoten("small", intervall));
  if (sicht.zusatz && sicht.zusatz[i]) teileDavon.push(knoten("small", `${sicht.zusatzTitel}: ${sicht.zusatz[i]}`));
  const beitraege = sicht.ebene.beitraege;
  if (beitraege && !sicht.unterschied && sicht.jahr === sicht.ebene.zeiten[0].jahr) {
    Object.entries(beitraege).forEach(([merkmal, texte]) => { if (texte[i]) teileDavon.push(knoten("small", `${merkmal}: ${texte[i]}`)); });
  }
  const jahr = !sicht.unterschied && JAHRE.length > 1 && sicht.jahr ? ` ${sicht.jahr}` : "";
  return paar(sicht.titel + jahr, ...teileDavon);
}
/* Verlauf der gezeigten Ebene; ein Bruch trennt, was nicht vergleichbar ist. */
function verlauf(i) {
  const e = daten.ebenen[zustand.ebene];
  if (e.zeiten.length < 2) return null;
  const liste = knoten("ol", null, "verlauf");
  [...e.zeiten].reverse().forEach((zeit) => {
    const sicht = sichtVon(zustand.ebene, zeit.jahr);
    if (zeit.bruch) liste.append(knoten("li", `Bruch: ${zeit.bruch}`, "bruchzeile"));
    const zeile = knoten("li");
    zeile.append(knoten("span", zeit.jahr), feld(klasseVon(sicht, i), true), knoten("span", sicht.werte ? wertText(sicht, i) : klasseVon(sicht, i).text));
    liste.append(zeile);
  });
  return paar(`Verlauf: ${e.titel}`, liste);
}
function angebotspaar(i) {
  if (!A) return null;
  const eigene = angeboteIn(i), laufend = eigene.filter((a) => A.staende[a.stand][1]);
  const satz = laufend.length ? "" : "kein Angebot bekannt; das heißt nicht, dass es keines gibt";
  const liste = knoten("ul", null, "angebotsreihe");
  liste.append(...eigene.map(angebotszeile));
  return paar(`${A.titel}, im Bestand hier genannt`, satz ? knoten("span", satz) : "", liste);
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
  const kopf = knoten("div", null, "kopfzeile"), liste = knoten("dl"), knopf = knoten("button", "Schließen", "schliessen knopf");
  knopf.type = "button";
  knopf.addEventListener("click", schliesse);
  kopf.append(knoten("p", `Schlüssel ${G.schluessel[i]} · Stadtbezirk ${bezirk(i)}`), knopf);
  const gezeigt = blaetter[0].sicht;
  if (gezeigt.unterschied) liste.append(ebenenpaar(gezeigt, i));
  const eigener = verlauf(i);
  if (eigener) liste.append(eigener);
  const angebote = angebotspaar(i);
  if (angebote) liste.append(angebote);
  daten.ebenen.forEach((e, n) => liste.append(ebenenpaar(sichtVon(n, hatJahr(e, zustand.jahr) ? zustand.jahr : ""), i)));
  (daten.profile[i] || []).forEach(([name, text]) => liste.append(paar(name, text)));
  ziel.replaceChildren(kopf, liste);
}
/* Eine Auswahl für alle Ansichten. */
function waehle(i, springe) {
  if (i >= 0) zustand.zurueck = document.activeElement;
  const vorher = zustand.gewaehlt;
  zustand.gewaehlt = i;
  blaetter.forEach((blatt) => { blatt.umreisse("gewaehlt", i); blatt.flaechen.gewaehlt(i, vorher); });
  zeigeProfil(); markiereZeile(); markierePunkt();
  if (springe) finde("profiltitel").focus();
  else if (i >= 0) {
    melde(`Profil von ${G.name[i]} ist geöffnet.`);
    /* Auf schmalen Seiten steht das Profil unter der Karte. */
    const profil = finde("profil");
    if (profil.getBoundingClientRect().top > window.innerHeight - 60) profil.scrollIntoView({ block: "start" });
  }
}
function schliesse() {
  const vorher = zustand.gewaehlt, zurueck = zustand.zurueck;
  waehle(-1, false);
  if (zurueck && zurueck.isConnected && zurueck.tagName === "BUTTON") zurueck.focus();
  else if (vorher >= 0) {
    const blatt = blaetter.find((b) => b.rahmen.contains(zurueck)) || blaetter[0];
    blatt.fokussiere(vorher);
    blatt.rahmen.scrollIntoView({ block: "nearest" });
  }
  melde("Profil geschlossen.");
}
