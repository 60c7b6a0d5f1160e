/* Zwei Kennzahlen gegeneinander; dieselbe Auswahl wie Karte und Tabelle. */
const streu = { breit: 640, hoch: 420, rand: [14, 14, 44, 62], punkte: [], x: 0, y: 0, jahr: "" };
const MESSBAR = daten.ebenen.map((e, n) => (mitWerten(e) ? n : -1)).filter((n) => n >= 0);
function teilung(klein, gross, viele) {
  const roh = (gross - klein) / viele, potenz = 10 ** Math.floor(Math.log10(roh || 1));
  const schritt = potenz * [1, 2, 5, 10].find((f) => potenz * f >= roh * 0.999), striche = [];
  for (let n = Math.ceil(klein / schritt - 1e-9); n * schritt <= gross + 1e-9 * schritt; n += 1) striche.push(n * schritt);
  return { striche, stellen: Math.max(0, -Math.floor(Math.log10(schritt) + 1e-9)) };
}
function achse(sicht) {
  const da = sicht.werte.filter((w) => w !== null), klein = da.reduce((m, w) => Math.min(m, w), Infinity), gross = da.reduce((m, w) => Math.max(m, w), -Infinity);
  const luft = (gross - klein || 1) * 0.05;
  return { sicht, von: klein - luft, bis: gross + luft };
}
function zeigeStreubild() {
  const ziel = finde("streubild");
  if (!ziel) return;
  const jahr = zustand.jahr, nummern = ["achsex", "achsey"].map((id) => Number(finde(id).value));
  const gemeinsam = nummern.every((n) => hatJahr(daten.ebenen[n], jahr));
  const [ax, ay] = nummern.map((n) => achse(sichtVon(n, gemeinsam ? jahr : "")));
  const [oben, rechts, unten, links] = streu.rand, b = streu.breit, h = streu.hoch;
  const px = (w) => links + ((w - ax.von) / (ax.bis - ax.von)) * (b - links - rechts);
  const py = (w) => h - unten - ((w - ay.von) / (ay.bis - ay.von)) * (h - oben - unten);
  const bild = svg("svg", { viewBox: `0 0 ${b} ${h}`, role: "img", class: "streu" });
  const schrift = (x, y, text, mehr) => { const t = svg("text", { x, y, ...mehr }); t.textContent = text; bild.append(t); };
  streu.punkte = [];
  if (![ax.von, ax.bis, ay.von, ay.bis].every(Number.isFinite)) { ziel.replaceChildren(knoten("p", "Für diese beiden Kennzahlen liegen keine gemeinsamen Werte vor.")); return; }
  [[ax, true], [ay, false]].forEach(([a, waagerecht]) => {
    const { striche, stellen } = teilung(a.von, a.bis, 6);
    striche.forEach((w) => {
      const x = waagerecht ? px(w) : links, y = waagerecht ? h - unten : py(w);
      bild.append(svg("line", waagerecht ? { x1: x, x2: x, y1: oben, y2: h - unten } : { x1: links, x2: b - rechts, y1: y, y2: y }));
      schrift(waagerecht ? x : links - 6, waagerecht ? h - unten + 16 : y + 4, zahl(w, stellen), { "text-anchor": waagerecht ? "middle" : "end" });
    });
    const name = achsenname(a.sicht);
    if (waagerecht) schrift((links + b - rechts) / 2, h - 8, name, { "text-anchor": "middle", class: "achse" });
    else umbruch(name, h - oben - unten).forEach((zeile, nr, alle) => {
      const x = alle.length > 1 ? 11 + nr * 13 : 14, y = (oben + h - unten) / 2;
      schrift(x, y, zeile, { "text-anchor": "middle", class: "achse", transform: `rotate(-90 ${x} ${y})` });
    });
  });
  const radius = anzahl > 3000 ? 1.6 : anzahl > 300 ? 2.6 : 5, wolke = svg("g", { class: "wolke" });
  let da = 0;
  for (let i = 0; i < anzahl; i += 1) {
    const x = ax.sicht.werte[i], y = ay.sicht.werte[i];
    streu.punkte[i] = x === null || y === null ? null : [px(x), py(y)];
    if (streu.punkte[i]) da += 1;
  }
  wolke.append(...punktwolke(radius));
  const auswahl = svg("g", { id: "streuauswahl" });
  bild.append(wolke, auswahl);
  const ohne = anzahl - da;
  const satz = `${wieviele(da)} mit beiden Werten${ohne ? `, ${wieviele(ohne)} ohne` : ""}${gemeinsam && jahr ? `, ${jahr}` : ", jeweils neuester Stand"}.`;
  bild.setAttribute("aria-label", `Streubild: ${achsenname(ax.sicht)} und ${achsenname(ay.sicht)}. ${satz} Alle Werte stehen in der Tabelle.`);
  bild.addEventListener("click", (e) => { const i = punktBei(bild, e); if (i >= 0) waehle(i, false); });
  bild.addEventListener("mousemove", (e) => { const i = punktBei(bild, e); blaetter.forEach((blatt) => blatt.umreisse("zeigt", i)); bild.style.cursor = i < 0 ? "" : "pointer"; });
  bild.addEventListener("mouseleave", () => blaetter.forEach((blatt) => blatt.umreisse("zeigt", -1)));
  ziel.replaceChildren(bild, knoten("p", satz, "hilfe"), knoten("p", "", "streusatz"));
  markierePunkt();
}
// Ein langer Name der senkrechten Achse steht in zwei Zeilen; 7,5 ist eine breite Letter der Achsenschrift.
const umbruch = (text, platz) => {
  if (text.length * 7.5 <= platz) return [text];
  const woerter = text.split(" "), zeilen = ["", ""];
  woerter.forEach((wort) => { const nr = zeilen[1] || (zeilen[0] && (zeilen[0].length + wort.length) * 7.5 > platz) ? 1 : 0; zeilen[nr] += (zeilen[nr] ? " " : "") + wort; });
  return zeilen;
};
const achsenname = (sicht) => (sicht.einheit ? `${sicht.titel}, ${sicht.einheit}` : sicht.titel);
/* Wenige Punkte einzeln; viele als ein Pfad, damit die Seite leicht bleibt. */
function punktwolke(radius) {
  const da = streu.punkte.map((p, i) => [p, i]).filter(([p]) => p);
  if (anzahl <= 1500) return da.map(([[x, y], i]) => svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: radius, "data-punkt": i }));
  const d = da.map(([[x, y]]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join("");
  return [svg("path", { d, class: "viele", "stroke-width": radius * 2 })];
}
function punktBei(bild, e) {
  const lage = bild.getBoundingClientRect(), mass = streu.breit / lage.width;
  const x = (e.clientX - lage.left) * mass, y = (e.clientY - lage.top) * mass;
  let bester = -1, naechster = 10 * mass;
  streu.punkte.forEach((p, i) => {
    if (!p) return;
    const weg = Math.hypot(p[0] - x, p[1] - y);
    if (weg < naechster) { naechster = weg; bester = i; }
  });
  return bester;
}
function markierePunkt() {
  const ziel = finde("streuauswahl");
  if (!ziel) return;
  const i = zustand.gewaehlt, punkt = i >= 0 ? streu.punkte[i] : null, satz = document.querySelector(".streusatz");
  ziel.replaceChildren();
  satz.textContent = i >= 0 && !punkt ? `${G.name[i]}: Hier fehlt mindestens einer der beiden Werte.` : "";
  if (!punkt) return;
  const [x, y] = punkt, links = x > streu.breit * 0.6, name = svg("text", { x: x + (links ? -12 : 12), y: y - 8, "text-anchor": links ? "end" : "start", class: "gewaehlt" });
  name.textContent = G.name[i].length > 40 ? `${G.name[i].slice(0, 39)}…` : G.name[i];
  ziel.append(svg("circle", { cx: x, cy: y, r: 9, class: "ring" }), svg("circle", { cx: x, cy: y, r: 5, class: "kern" }), name);
}
function richteStreubildEin() {
  if (!finde("achsex")) return;
  const eintraege = MESSBAR.map((n) => [n, daten.ebenen[n].titel]);
  wahlfeld(finde("achsex"), eintraege);
  wahlfeld(finde("achsey"), eintraege);
  finde("achsey").value = MESSBAR[1];
  ["achsex", "achsey"].forEach((id) => finde(id).addEventListener("change", zeigeStreubild));
}
