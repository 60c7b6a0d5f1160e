/* Was die Knöpfe tun: Ebene, Jahr, Ansicht und Vergleich; danach zeigen alle dasselbe. */
function jahrFuer(nummer) {
  const e = daten.ebenen[nummer];
  return hatJahr(e, zustand.jahr) ? zustand.jahr : e.zeiten[0].jahr;
}
function zeigeJahre() {
  const reihe = finde("jahrwahl"), e = daten.ebenen[zustand.ebene];
  reihe.hidden = JAHRE.length < 2;
  [...reihe.querySelectorAll("label")].forEach((l) => l.remove());
  if (reihe.hidden) return;
  JAHRE.forEach((jahr) => {
    const huelle = knoten("label"), knopf = knoten("input");
    knopf.type = "radio"; knopf.name = "jahr"; knopf.value = jahr;
    knopf.checked = jahr === zustand.jahr; knopf.disabled = !hatJahr(e, jahr);
    huelle.append(knopf, knoten("span", jahr || "ohne Jahr"));
    if (e.zeiten.some((z) => z.jahr === jahr && z.bruch)) huelle.classList.add("nachbruch");
    reihe.append(huelle);
  });
  const brueche = e.zeiten.filter((z) => z.bruch).map((z) => `Bruch in der Reihe ab ${z.jahr}: ${z.bruch}. Frühere Jahre sind damit nicht vergleichbar.`);
  const hinweis = finde("bruchhinweis");
  hinweis.hidden = !brueche.length;
  hinweis.textContent = brueche.join(" ");
}
function zeigeGegenwahl() {
  const huelle = finde("gegenwahl"), wahl = finde("gegen"), art = zustand.ansicht;
  huelle.hidden = art === "eine";
  if (art === "eine") return;
  const eintraege = art === "unterschied" ? gegenstuecke(zustand.ebene, zustand.jahr) : zweiteKarten();
  wahlfeld(wahl, eintraege);
  const moegliche = eintraege.filter(([, , gesperrt]) => !gesperrt).map(([wert]) => wert);
  if (!moegliche.includes(zustand.gegen)) zustand.gegen = moegliche[0] || "";
  wahl.value = zustand.gegen;
  wahl.disabled = !moegliche.length;
}
/* Für die zweite Karte: andere Jahre derselben Ebene zuerst, dann jede andere Ebene. */
function zweiteKarten() {
  const eigene = daten.ebenen[zustand.ebene].zeiten.filter((z) => z.jahr !== zustand.jahr).map((z) => [`${zustand.ebene}/${z.jahr}`, `${daten.ebenen[zustand.ebene].titel} ${z.jahr}`]);
  const andere = daten.ebenen.flatMap((e, n) => (n === zustand.ebene ? [] : [[`${n}/${jahrFuer(n)}`, `${e.titel} ${jahrFuer(n)}`.trim()]]));
  return [...eigene, ...andere];
}
function gegensicht() {
  const [nummer, jahr] = zustand.gegen.split("/");
  return zustand.gegen ? sichtVon(Number(nummer), jahr) : null;
}
const blattname = (sicht) => `${sicht.titel}${sicht.jahr && JAHRE.length > 1 && !sicht.unterschied ? ` ${sicht.jahr}` : ""}`;
function zeigeAnsicht() {
  const [erste] = blaetter, eigene = sichtVon(zustand.ebene, zustand.jahr);
  zeigeGegenwahl();
  const andere = zustand.ansicht === "eine" ? null : gegensicht();
  const zwei = zustand.ansicht === "zwei" && andere, differenz = zustand.ansicht === "unterschied" && andere;
  const vorher = !finde("blatt2") || finde("blatt2").hidden;
  if (finde("blatt2")) finde("blatt2").hidden = !zwei;
  finde("kartenpaar").classList.toggle("zwei", Boolean(zwei));
  erste.faerbe(differenz ? unterschiedVon(eigene, andere) : eigene);
  finde("blatttitel1").hidden = !zwei;
  finde("blatttitel1").textContent = blattname(eigene);
  if (zwei) {
    finde("blatttitel2").textContent = blattname(andere);
    const zweite = blaetter[1] || erzeugeBlatt(window.quartierskarten[1], 1);
    zweite.faerbe(andere);
    zweite.umreisse("gewaehlt", zustand.gewaehlt);
    zeigeHintergrund(zweite);
    if (vorher) { erste.passeEin(); zweite.passeEin(); imGleichschritt(erste); zweite.beschrifte(); }
  } else if (!vorher) erste.passeEin();
  const ohne = zustand.ansicht === "unterschied" && !andere;
  finde("kartentitel").textContent = zwei ? "Zwei Karten im selben Ausschnitt" : `${erste.sicht.titel}${standText(erste.sicht)}`;
  if (ohne) finde("gegen").replaceChildren(knoten("option", "nichts Vergleichbares vorhanden"));
  zeigeLegende();
  danach(() => { zeigeTabelle(); zeigeStreubild(); });
  if (zustand.gewaehlt >= 0) zeigeProfil();
}
/* Bei sehr vielen Gebieten erst die Karte, gleich danach Tabelle und Streubild. */
let aufgeschoben = 0;
function danach(tue) {
  if (!ALS_LEINWAND) { tue(); return; }
  clearTimeout(aufgeschoben);
  aufgeschoben = setTimeout(tue, 60);
}
function sageAn() {
  const { sicht } = blaetter[0];
  const zahlen = sicht.klassen.map((k, n) => [k, sicht.anzahlen[n]]).filter(([k, n]) => k.art === "Zahl" || n).map(([k, n]) => `${k.text}: ${n}`).join("; ");
  melde(`Die Karte zeigt jetzt ${sicht.titel}${standText(sicht)}. ${zahlen}.`);
}
function zeigeEbene(nummer) {
  zustand.ebene = nummer;
  zustand.jahr = jahrFuer(nummer);
  zustand.zeilen = SEITE;
  const x = finde("achsex");
  if (x && MESSBAR.includes(nummer) && Number(finde("achsey").value) !== nummer) x.value = nummer;
  zeigeJahre();
  zeigeAnsicht();
}
function richteSteuerungEin() {
  finde("leiste").addEventListener("submit", (e) => e.preventDefault());
  finde("leiste").addEventListener("change", (e) => {
    if (e.target.name === "jahr") { zustand.jahr = e.target.value; zeigeJahre(); document.querySelector(`input[name="jahr"][value="${zustand.jahr}"]`).focus(); }
    else if (e.target.name === "ansicht") zustand.ansicht = e.target.value;
    else if (e.target.id === "gegen") zustand.gegen = e.target.value;
    zeigeAnsicht(); sageAn();
  });
  finde("ebenenwahl").addEventListener("submit", (e) => e.preventDefault());
  finde("ebenenwahl").addEventListener("change", (e) => {
    if (e.target.name === "ebene") { zeigeEbene(Number(e.target.value)); sageAn(); return; }
    if (e.target.id === "grenzenwahl") blaetter.forEach((b) => { if (e.target.checked) b.grenzen.addTo(b.karte); else b.karte.removeLayer(b.grenzen); b.beschrifte(); });
    else if (e.target.id === "namenwahl") blaetter.forEach((b) => b.beschrifte());
    else { if (e.target.name) finde("angebotewahl").checked = true; angebotewechsel(); melde(`${gefiltert().length} Angebote passen zum Filter.`); }
  });
  finde("profil").addEventListener("keydown", (e) => { if (e.key === "Escape" && zustand.gewaehlt >= 0) schliesse(); });
}
