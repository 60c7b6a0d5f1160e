/* Eine Sicht ist das, was eine Karte gerade zeigt: Klassen, Werte und Wörter je Gebiet.
   Sie entsteht aus Ebene und Jahr oder aus dem Unterschied zweier Sichten. */
const ARTEN = { ".": "gesperrt", "/": "fehlt", x: "nicht sinnvoll" };
const JAHRE = [...new Set(daten.ebenen.flatMap((e) => e.zeiten.map((z) => z.jahr)))].sort().reverse();
const zeitVon = (e, jahr) => e.zeiten.find((z) => z.jahr === jahr) || e.zeiten[0];
const hatJahr = (e, jahr) => e.zeiten.some((z) => z.jahr === jahr);
const mitWerten = (e) => Array.isArray(e.zeiten[0].werte);
const sichten = new Map();

function sichtVon(nummer, jahr) {
  const e = daten.ebenen[nummer], zeit = zeitVon(e, jahr), schluessel = `${nummer}/${zeit.jahr}`;
  if (sichten.has(schluessel)) return sichten.get(schluessel);
  const sicht = {
    ebene: e, nummer, jahr: zeit.jahr, titel: e.titel, kopf: e.kopf, stand: zeit.stand,
    quelle: zeit.quelle, hinweise: zeit.hinweise, geordnet: e.geordnet, einheit: e.einheit,
    stellen: e.stellen, klassen: e.klassen, klasse: new Uint8Array(anzahl), werte: null,
    unten: zeit.unten || null, oben: zeit.oben || null, unterschied: false,
    zusatz: zeit.zusatz || null, zusatzTitel: e.zusatz_titel || "",
  };
  const luecke = {};
  e.klassen.forEach((k, i) => { if (k.art !== "Zahl") luecke[k.art] = i; });
  if (zeit.werte) sicht.werte = zeit.werte.map((w) => (typeof w === "number" ? w : null));
  for (let i = 0; i < anzahl; i += 1) {
    if (zeit.klasse) { sicht.klasse[i] = zeit.klasse[i]; continue; }
    const wert = zeit.werte[i];
    if (typeof wert === "string") { sicht.klasse[i] = luecke[ARTEN[wert]]; continue; }
    let stufe = 0;
    while (stufe < e.grenzen.length && wert >= e.grenzen[stufe]) stufe += 1;
    sicht.klasse[i] = stufe;
  }
  sicht.anzahlen = gezaehlt(sicht);
  sichten.set(schluessel, sicht);
  return sicht;
}
function gezaehlt(sicht) {
  const anzahlen = sicht.klassen.map(() => 0);
  sicht.klasse.forEach((k) => { anzahlen[k] += 1; });
  return anzahlen;
}
const klasseVon = (sicht, i) => sicht.klassen[sicht.klasse[i]];
const istZahl = (sicht, i) => klasseVon(sicht, i).art === "Zahl";
function wertText(sicht, i) {
  const klasse = klasseVon(sicht, i);
  if (klasse.art !== "Zahl" || !sicht.werte) return klasse.text;
  return mitEinheit(zahl(sicht.werte[i], sicht.stellen, sicht.unterschied), sicht.einheit);
}
function klassenText(sicht, klasse) {
  if (klasse.art !== "Zahl" || sicht.unterschied) return klasse.text;
  if (!sicht.geordnet && klasse.text.includes(` ${klasse.zeichen}: `)) return klasse.text;
  return (sicht.geordnet ? "Klasse " : "Typ ") + klasse.zeichen + ": " + klasse.text;
}
function intervallText(sicht, i) {
  if (!sicht.unten || sicht.unten[i] === null) return "";
  return `Intervall ${zahl(sicht.unten[i], sicht.stellen)} bis ${mitEinheit(zahl(sicht.oben[i], sicht.stellen), sicht.einheit)}`;
}
function aussage(sicht, i) {
  const klasse = klasseVon(sicht, i);
  if (klasse.art !== "Zahl") return klasse.text;
  const worte = sicht.werte ? [wertText(sicht, i)] : [];
  worte.push(klassenText(sicht, klasse));
  if (sicht.zusatz && sicht.zusatz[i]) worte.push(`${sicht.zusatzTitel}: ${sicht.zusatz[i]}`);
  return worte.join(", ");
}
const standText = (sicht) => (sicht.stand ? `, Stand: ${sicht.stand}` : "");
const vorgelesen = (sicht, i) => `${G.name[i]}, Stadtbezirk ${bezirk(i)}, ${sicht.titel}: ${aussage(sicht, i)}`;
