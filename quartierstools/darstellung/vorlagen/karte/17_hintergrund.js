/* Ein fremder Hintergrund, nur wenn die Karte einen nennt, und erst nach Zustimmung. */
const H = daten.hintergrund;
let zugestimmt = false;
function zeigeHintergrund(blatt) {
  if (!H || zugestimmt === Boolean(blatt.kacheln)) return;
  if (zugestimmt) {
    blatt.kacheln = L.tileLayer(H.adresse, { maxZoom: 18, referrerPolicy: "no-referrer" }).addTo(blatt.karte);
  } else { blatt.karte.removeLayer(blatt.kacheln); blatt.kacheln = null; }
  blatt.deckkraft = zugestimmt ? 0.68 : 1;
}
function richteHintergrundEin() {
  if (!H) return;
  const knopf = finde("hintergrundknopf");
  knopf.addEventListener("click", () => {
    zugestimmt = !zugestimmt;
    knopf.setAttribute("aria-pressed", String(zugestimmt));
    knopf.textContent = zugestimmt ? "Hintergrund wieder entfernen" : "Zustimmen und Hintergrund laden";
    finde("hintergrundnachweis").hidden = !zugestimmt;
    blaetter.forEach((blatt) => { zeigeHintergrund(blatt); blatt.faerbe(blatt.sicht); });
    melde(zugestimmt ? `Der Hintergrund von ${H.name} wird geladen.` : "Der Hintergrund ist entfernt.");
  });
}
