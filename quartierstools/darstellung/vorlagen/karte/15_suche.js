/* Suche nach Gebiet, Stadtbezirk und Angebot. */
const HOECHSTENS = 12;
const glatt = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const gesucht = G.name.map((name, i) => glatt(`${name} ${G.schluessel[i]}`));
function finden(text) {
  const wort = glatt(text.trim()), treffer = [];
  if (!wort) return [];
  for (let i = 0; i < anzahl && treffer.length < HOECHSTENS; i += 1) {
    if (gesucht[i].includes(wort)) treffer.push([G.name[i], `${einzahl}, Schlüssel ${G.schluessel[i]}`, () => zumGebiet(i)]);
  }
  daten.bezirke.forEach((name, b) => { if (glatt(name).includes(wort)) treffer.push([name, "Stadtbezirk", () => zumBezirk(b)]); });
  if (A) A.liste.forEach((a) => { if (glatt(a.name).includes(wort)) treffer.push([a.name, "Angebot", () => zumAngebot(a)]); });
  return treffer.slice(0, HOECHSTENS);
}
function zumGebiet(i) {
  const [blatt] = blaetter;
  if (ALS_LEINWAND) blatt.karte.fitBounds(rahmenUm([i]).pad(6), { animate: false });
  waehle(i, true);
}
function zumBezirk(b) {
  const dabei = [...G.schluessel.keys()].filter((i) => G.bezirk[i] === b);
  blaetter[0].karte.fitBounds(rahmenUm(dabei), { animate: false, padding: [20, 20] });
  blaetter[0].rahmen.scrollIntoView({ block: "nearest" });
  melde(`Die Karte zeigt den Stadtbezirk ${daten.bezirke[b]}: ${wieviele(dabei.length)}.`);
}
function zumAngebot(a) {
  finde("angebotewahl").checked = true;
  document.querySelectorAll('input[name="angebotsstand"], input[name="angebotsgruppe"]').forEach((f) => {
    const passt = f.name === "angebotsstand" ? Number(f.value) === a.stand : a.gruppen.includes(Number(f.value));
    if (passt) f.checked = true;
  });
  angebotewechsel();
  if (a.gebiete.length) { zumGebiet(a.gebiete[0]); return; }
  finde("angebotetitel").focus();
  melde(`${a.name} steht in der Liste der Angebote, ohne genauen Ort.`);
}
function richteSucheEin() {
  const eingabe = finde("suchfeld"), liste = finde("treffer");
  const leere = () => { liste.replaceChildren(); liste.hidden = true; };
  eingabe.addEventListener("input", () => {
    const treffer = finden(eingabe.value);
    liste.replaceChildren(...treffer.map(([name, art, geheZu]) => {
      const zeile = knoten("li"), knopf = knoten("button");
      knopf.type = "button";
      knopf.append(eigenname(name), knoten("small", art));
      knopf.addEventListener("click", () => { leere(); eingabe.value = ""; geheZu(); });
      zeile.append(knopf);
      return zeile;
    }));
    liste.hidden = !treffer.length;
    if (eingabe.value.trim()) melde(treffer.length ? `${treffer.length} Treffer.` : "Kein Treffer.");
  });
  finde("suche").addEventListener("submit", (e) => {
    e.preventDefault();
    const erster = liste.querySelector("button");
    if (erster) erster.click();
  });
  finde("suche").addEventListener("keydown", (e) => { if (e.key === "Escape") { leere(); eingabe.focus(); } });
}
