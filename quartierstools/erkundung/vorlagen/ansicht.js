// Verbindet alles: eine Wahl hin, ein Bild zurück; unterwegs ist höchstens eine Anfrage.
function render({ model, el }) {
  const wurzel = knoten("div", { class: "qt-erkundung", lang: "de" });
  const saetze = knoten("div", { class: "qt-saetze", role: "status", "aria-live": "polite" });
  let unterwegs = 0;
  let wartet = null;
  let nummer = 0;
  const seit = {};
  const zustand = {
    grund: model.get("grund"),
    bild: model.get("bild"),
    wahl: model.get("bild").wahl,
    name: (i) => zustand.grund.indikatoren[i] ?? i,
    waehle(aenderung) {
      zustand.wahl = { ...zustand.wahl, ...aenderung };
      if (unterwegs) wartet = zustand.wahl;
      else schicke();
    },
    waehleGebiet(stelle) {
      zustand.waehle({ gebiet: zustand.grund.schluessel[stelle] });
    },
  };
  function schicke() {
    nummer += 1;
    unterwegs = nummer;
    seit[nummer] = performance.now();
    wurzel.setAttribute("aria-busy", "true");
    model.set("wahl", { ...zustand.wahl, nummer });
    model.save_changes();
  }
  const teile = [bedienfeld, kartenansicht, listenansicht, streuansicht, profilansicht].map((baue) => baue(zustand));
  const [bedienung, karte, liste, streu, profil] = teile.map((teil) => teil.element);
  wurzel.append(saetze, knoten("div", { class: "qt-raster" }, bedienung, karte, liste, streu, profil));
  el.append(wurzel);

  function zeige() {
    zustand.bild = model.get("bild");
    zustand.grund = model.get("grund");
    const fertig = zustand.bild.nummer;
    if (!wartet) zustand.wahl = zustand.bild.wahl;
    leere(saetze, ...zustand.bild.saetze.map((text) => knoten("p", { text })));
    teile.forEach((teil) => teil.zeige());
    if (fertig && seit[fertig]) {
      const dauer = performance.now() - seit[fertig];
      delete seit[fertig];
      wurzel.dispatchEvent(new CustomEvent("quartier-gezeigt", { bubbles: true, detail: { dauer } }));
    }
    unterwegs = 0;
    wurzel.setAttribute("aria-busy", "false");
    wurzel.dataset.nummer = String(fertig);
    if (wartet) {
      wartet = null;
      schicke();
    }
  }
  model.on("change:bild", zeige);
  zeige();
  return () => model.off("change:bild", zeige);
}
export default { render };
