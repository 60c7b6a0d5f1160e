// Zwei Indikatoren gegeneinander; ein Punkt je Gebiet, ohne Linie: kein Zusammenhang behauptet.
function streuansicht(zustand) {
  const titel = knoten("h2", {});
  const bildfeld = knoten("div", {});
  const fuss = knoten("p", { class: "qt-klein" });
  const element = knoten("section", { class: "qt-streu", "aria-label": "Streubild" }, titel, bildfeld, fuss);
  const [breite, hoehe, rand] = [460, 320, 44];

  function achse(werte) {
    const da = werte.filter((w) => w !== null);
    const unten = Math.min(...da);
    const oben = Math.max(...da);
    const spanne = oben - unten || 1;
    return { unten, oben, lage: (w) => (w - unten) / spanne };
  }

  function zeige() {
    const { grund, bild } = zustand;
    const wahl = zustand.wahl;
    const beide = bild.quer.map((x, n) => [x, bild.hoch[n], n]).filter(([x, y]) => x !== null && y !== null);
    titel.textContent = `${zustand.name(wahl.hoch)} und ${zustand.name(wahl.quer)}`;
    if (!beide.length) {
      leere(bildfeld, knoten("p", { text: "Zu diesen beiden liegen nicht genug Werte vor." }));
      fuss.textContent = "";
      return;
    }
    const quer = achse(beide.map(([x]) => x));
    const hoch = achse(beide.map(([, y]) => y));
    const klassen = Object.fromEntries(bild.klassen.map((k) => [k.schluessel, k]));
    const px = (x) => rand + quer.lage(x) * (breite - 2 * rand);
    const py = (y) => hoehe - rand - hoch.lage(y) * (hoehe - 2 * rand);
    const punkte = beide.map(([x, y, n]) => {
      const schluessel = grund.schluessel[n];
      const gewaehlt = schluessel === wahl.gebiet;
      return knoten("circle", { cx: px(x), cy: py(y), r: gewaehlt ? 8 : beide.length > 100 ? 3.5 : 5.5,
        fill: klassen[bild.klasse[n]]?.farbe ?? "#ffffff",
        class: gewaehlt ? "qt-punkt qt-gewaehlt" : schluessel === wahl.vergleich ? "qt-punkt qt-verglichen" : "qt-punkt",
        "data-gebiet": schluessel, onclick: () => zustand.waehleGebiet(n) },
        Object.assign(document.createElementNS(SVG, "title"), { textContent: grund.namen[n] }));
    });
    const text = (x, y, inhalt, anker) =>
      knoten("text", { x, y, "text-anchor": anker, class: "qt-achse", text: inhalt });
    leere(bildfeld, knoten("svg", { viewBox: `0 0 ${breite} ${hoehe}`, role: "img",
      "aria-label": `Streubild mit ${beide.length} Gebieten; dieselben Werte stehen in der Liste und im Profil` },
      knoten("line", { x1: rand, y1: hoehe - rand, x2: breite - rand, y2: hoehe - rand, class: "qt-achsenlinie" }),
      knoten("line", { x1: rand, y1: rand, x2: rand, y2: hoehe - rand, class: "qt-achsenlinie" }),
      text(rand, hoehe - rand + 16, zahl(quer.unten), "start"), text(breite - rand, hoehe - rand + 16, zahl(quer.oben), "end"),
      text(rand - 6, hoehe - rand, zahl(hoch.unten), "end"), text(rand - 6, rand + 4, zahl(hoch.oben), "end"),
      text(breite / 2, hoehe - 6, zustand.name(wahl.quer), "middle"), text(6, 16, zustand.name(wahl.hoch), "start"),
      ...punkte));
    fuss.textContent = "Dass zwei Werte zusammen hoch sind, ist keine Ursache.";
  }
  return { element, zeige };
}
