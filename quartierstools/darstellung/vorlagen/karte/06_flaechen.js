/* Flächen als einzelne Elemente: jedes Gebiet ist ein Knopf im Tabstopp-Reigen. */
function flaechenElemente(blatt) {
  const lagen = G.schluessel.map((_, i) => L.polygon(latlngs(i), {
    smoothFactor: 0.4, fillOpacity: 1, color: TINTE, weight: anzahl > 200 ? 0.5 : 0.9, opacity: 1,
  }).addTo(blatt.karte));
  lagen.forEach((lage, i) => {
    const pfad = lage.getElement();
    pfad.setAttribute("role", "button");
    pfad.setAttribute("tabindex", i === 0 ? "0" : "-1");
    pfad.setAttribute("aria-pressed", "false");
    pfad.dataset.gebiet = G.schluessel[i];
    pfad.addEventListener("keydown", (e) => blatt.aufTaste(e));
    pfad.addEventListener("focus", () => {
      lagen[blatt.fokus].getElement().setAttribute("tabindex", "-1");
      pfad.setAttribute("tabindex", "0");
      blatt.fokus = i;
      blatt.beimFokus(i);
    });
    pfad.addEventListener("blur", () => blatt.ohneFokus());
    lage.on("mouseover mousemove", (e) => blatt.zeige(i, e.latlng));
    lage.on("mouseout", () => blatt.verstecke());
    lage.on("click", () => { blatt.fokussiere(i); waehle(i, false); });
  });
  return {
    faerbe(sicht, deckkraft) {
      lagen.forEach((lage, i) => {
        lage.setStyle({ fillColor: fuellung(klasseVon(sicht, i)), fillOpacity: deckkraft });
        lage.getElement().setAttribute("aria-label", vorgelesen(sicht, i));
      });
    },
    fokussiere(i) { lagen[i].getElement().focus({ preventScroll: true }); },
    gewaehlt(i, vorher) {
      if (vorher >= 0) lagen[vorher].getElement().setAttribute("aria-pressed", "false");
      if (i >= 0) lagen[i].getElement().setAttribute("aria-pressed", "true");
    },
  };
}
