/* Die Legende gehört zur gezeigten Sicht; bei zwei Karten gibt es zwei. */
function legendenteile(sicht) {
  const liste = knoten("ul");
  sicht.klassen.forEach((klasse, nummer) => {
    const viele = sicht.anzahlen[nummer];
    if (klasse.art !== "Zahl" && !viele) return;
    const zeile = knoten("li", null, klasse.art === "Zahl" ? "" : "luecke"), wortlaut = knoten("span", `${klasse.text} `);
    wortlaut.append(knoten("span", wieviele(viele), "zahl"));
    zeile.append(feld(klasse), knoten("span", klasse.zeichen, "zeichen"), wortlaut);
    liste.append(zeile);
  });
  const absaetze = [knoten("p", sicht.kopf, "einheit"), liste];
  if (sicht.stand) absaetze.push(knoten("p", `Stand: ${sicht.stand}`, "fuss"));
  if (!sicht.unterschied && sicht.ebene.zeiten.length > 1) absaetze.push(knoten("p", "Die Klassengrenzen sind in allen Jahren gleich.", "fuss"));
  if (sicht.quelle) absaetze.push(knoten("p", `Quelle: ${sicht.quelle}`, "fuss"));
  sicht.hinweise.forEach((satz) => absaetze.push(knoten("p", satz, "fuss")));
  return absaetze;
}
function zeigeLegende() {
  const [erste, zweite] = blaetter, ziel = finde("legende2"), doppelt = zustand.ansicht === "zwei" && zweite;
  finde("legende").replaceChildren(...legendenteile(erste.sicht));
  ziel.hidden = !doppelt;
  ziel.replaceChildren(...(doppelt ? legendenteile(zweite.sicht) : []));
}
