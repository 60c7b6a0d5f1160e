/* Füllungen: dieselben Muster als SVG-Kachel und als Muster der Leinwand. */
const vorrat = svg("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" });
document.body.append(vorrat);
const fuellungen = new Map(), leinwandmuster = new Map();
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
function pinselfarbe(stift, klasse) {
  const muster = daten.muster[klasse.muster];
  if (!muster) return klasse.farbe;
  const name = klasse.muster + klasse.farbe;
  if (!leinwandmuster.has(name)) {
    const kachel = document.createElement("canvas"), [kante, pfad] = muster;
    kachel.width = kante; kachel.height = kante;
    const zeichner = kachel.getContext("2d");
    zeichner.fillStyle = klasse.farbe;
    zeichner.fillRect(0, 0, kante, kante);
    zeichner.strokeStyle = "#4d5a66";
    zeichner.lineWidth = 1.1;
    zeichner.stroke(new Path2D(pfad));
    leinwandmuster.set(name, stift.createPattern(kachel, "repeat"));
  }
  return leinwandmuster.get(name);
}
function feld(klasse, klein) {
  const bild = svg("svg", { class: klein ? "feld klein" : "feld", "aria-hidden": "true" });
  bild.append(svg("rect", { x: 0.5, y: 0.5, width: "100%", height: "100%", fill: fuellung(klasse), stroke: TINTE, style: "width:calc(100% - 1px);height:calc(100% - 1px)" }));
  return bild;
}
/* Nur auf hellen Flächen ohne Linien ist Schrift ohne Unterlage lesbar (4,5 : 1). */
function hellUndGlatt({ farbe, muster }) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(farbe.slice(i, i + 2), 16));
  return muster === "voll" && 0.299 * r + 0.587 * g + 0.114 * b > 150;
}
