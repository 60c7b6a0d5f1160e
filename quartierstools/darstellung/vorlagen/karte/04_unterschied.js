/* Unterschied zweier Sichten, nur wo vergleichbar. Gegenstück zu zeitbild.py. */
const VORRANG = ["gesperrt", "nicht sinnvoll", "fehlt"];
function bruchZwischen(e, eines, anderes) {
  const [von, bis] = [eines, anderes].sort();
  return e.zeiten.filter((z) => z.bruch && von < z.jahr && z.jahr <= bis).map((z) => z.bruch).join("; ");
}
/* Womit sich eine Ebene vergleichen lässt: [Schlüssel, Text, gesperrt]. */
function gegenstuecke(nummer, jahr) {
  const e = daten.ebenen[nummer];
  if (!mitWerten(e)) return [];
  const jahre = e.zeiten.filter((z) => z.jahr !== jahr).map((z) => {
    const bruch = bruchZwischen(e, jahr, z.jahr);
    return [`${nummer}/${z.jahr}`, bruch ? `${z.jahr} – nicht vergleichbar: ${bruch}` : z.jahr, Boolean(bruch)];
  });
  const gruppen = daten.ebenen.flatMap((andere, n) => {
    const passt = n !== nummer && e.vergleichbar.includes(andere.kennung) && hatJahr(andere, jahr);
    return passt ? [[`${n}/${jahr}`, andere.titel, false]] : [];
  });
  return [...jahre, ...gruppen];
}
function glatteStufe(hoechster) {
  const grenze = Math.max(Math.floor(hoechster / 2), 1);
  let beste = 1;
  for (let potenz = 1; potenz <= grenze; potenz *= 10) beste = potenz * [5, 2, 1].find((f) => potenz * f <= grenze);
  return beste;
}
function unterschiedVon(a, b) {
  const zehner = 10 ** a.stellen, ganze = new Array(anzahl).fill(null);
  const arten = ganze.map((_, i) => VORRANG.find((art) => klasseVon(a, i).art === art || klasseVon(b, i).art === art) || "Zahl");
  arten.forEach((art, i) => { if (art === "Zahl") ganze[i] = Math.round((a.werte[i] - b.werte[i]) * zehner); });
  const grenze = glatteStufe(ganze.reduce((m, d) => Math.max(m, Math.abs(d || 0)), 0));
  const mitIntervall = Boolean(a.unten && b.unten), gleicheEbene = a.nummer === b.nummer;
  const einheit = a.einheit === daten.unterschied.einheit[0] ? daten.unterschied.einheit[1] : a.einheit;
  const klassen = unterschiedsklassen(grenze / zehner, a, einheit, gleicheEbene, mitIntervall);
  const klasse = new Uint8Array(anzahl);
  arten.forEach((art, i) => {
    if (art !== "Zahl") { klasse[i] = klassen.findIndex((k) => k.art === art); return; }
    const d = ganze[i], weit = Math.abs(d) > grenze;
    const bekannt = mitIntervall && a.unten[i] !== null && b.unten[i] !== null;
    const ueberlappt = bekannt && a.unten[i] <= b.oben[i] && b.unten[i] <= a.oben[i];
    klasse[i] = d === 0 || ueberlappt ? 2 : d < 0 ? (weit ? 0 : 1) : weit ? 4 : 3;
  });
  const titel = gleicheEbene ? `${a.titel}: Unterschied ${a.jahr} zu ${b.jahr}` : `Unterschied ${a.jahr}: ${a.titel} minus ${b.titel}`;
  const sicht = {
    ebene: a.ebene, nummer: a.nummer, jahr: a.jahr, titel, stand: "", quelle: a.quelle,
    kopf: einheit && einheit !== "Prozentpunkte" ? `${titel}, ${einheit}` : titel,
    hinweise: [mitIntervall ? daten.unterschied.mit : daten.unterschied.ohne], geordnet: true,
    einheit, stellen: a.stellen, klassen, klasse, unten: null, oben: null, zusatz: null,
    zusatzTitel: "", unterschied: true, werte: ganze.map((d) => (d === null ? null : d / zehner)),
  };
  sicht.anzahlen = gezaehlt(sicht);
  return sicht;
}
function unterschiedsklassen(schritt, a, einheit, gleicheEbene, mitIntervall) {
  const [tiefer, hoeher] = gleicheEbene ? ["gesunken", "gestiegen"] : ["niedriger", "höher"];
  const mass = mitEinheit(zahl(schritt, a.stellen), einheit === "Prozentpunkte" ? einheit : "");
  const texte = [
    `um mehr als ${mass} ${tiefer}`, `um bis zu ${mass} ${tiefer}`,
    mitIntervall ? "kein belastbarer Unterschied" : "unverändert",
    `um bis zu ${mass} ${hoeher}`, `um mehr als ${mass} ${hoeher}`,
  ];
  const eigene = texte.map((text, i) => {
    const [farbe, muster, zeichen] = daten.unterschied.klassen[i];
    return { text, farbe, muster, zeichen, art: "Zahl" };
  });
  return [...eigene, ...a.klassen.filter((k) => k.art !== "Zahl")];
}
