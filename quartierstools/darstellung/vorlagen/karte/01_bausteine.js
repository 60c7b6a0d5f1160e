/* Grundlage: Daten, gemeinsamer Zustand, kleine Bausteine.
   Texte aus den Daten kommen nur über textContent in die Seite. */
const beginn = performance.now();
const daten = JSON.parse(document.getElementById("kartendaten").textContent);
const G = daten.gebiete, anzahl = G.schluessel.length;
const [einzahl, mehrzahl] = daten.wort;
const SVG = "http://www.w3.org/2000/svg";
const TINTE = "#14202b";
/* So viele Flächen sind einzelne Elemente; darüber zeichnet eine Leinwand. */
const ALS_LEINWAND = anzahl > 1500;
const SEITE = ALS_LEINWAND ? 200 : 2000;

/* Was gewählt ist; Karte, Tabelle, Streubild und Profil lesen nur hier. */
const zustand = {
  ebene: 0, jahr: "", ansicht: "eine", gegen: "", gewaehlt: -1,
  spalte: "schluessel", auf: true, zeilen: SEITE, zurueck: null,
};

const finde = (id) => document.getElementById(id);
function knoten(name, text, klasse) {
  const neu = document.createElement(name);
  if (text !== undefined && text !== null) neu.textContent = text;
  if (klasse) neu.className = klasse;
  return neu;
}
/* Namen stehen in <bdi>: eine andere Schreibrichtung bleibt im Namen. */
function eigenname(text, huelle) {
  const aussen = knoten(huelle || "span");
  aussen.append(knoten("bdi", text));
  return aussen;
}
function svg(name, werte) {
  const neu = document.createElementNS(SVG, name);
  Object.entries(werte).forEach(([schluessel, wert]) => neu.setAttribute(schluessel, wert));
  return neu;
}
function wahlfeld(feld, eintraege) {
  feld.replaceChildren(...eintraege.map(([wert, text, gesperrt]) => {
    const neu = knoten("option", text);
    neu.value = wert;
    neu.disabled = Boolean(gesperrt);
    return neu;
  }));
}
function zahl(wert, stellen, vorzeichen) {
  const [ganz, bruch] = Math.abs(wert).toFixed(stellen).split(".");
  const gruppen = ganz.replace(/\B(?=(\d{3})+$)/g, ".");
  const zeichen = wert < 0 ? "−" : vorzeichen && wert > 0 ? "+" : "";
  return zeichen + gruppen + (bruch ? "," + bruch : "");
}
const mitEinheit = (text, einheit) => (einheit ? `${text}\u00a0${einheit}` : text);
const bezirk = (i) => daten.bezirke[G.bezirk[i]];
const wieviele = (zahlwert) => `${zahl(zahlwert, 0)} ${zahlwert === 1 ? einzahl : mehrzahl}`;
function melde(text) { finde("meldung").textContent = text; }
