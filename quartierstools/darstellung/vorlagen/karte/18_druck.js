/* Beim Drucken hat der Rahmen eine feste Größe: Ausschnitt neu einpassen. */
let zuvor = null;
window.addEventListener("beforeprint", () => {
  const zwei = zustand.ansicht === "zwei" && blaetter.length > 1;
  const sichtbar = blaetter.filter((blatt) => blatt.rahmen.offsetWidth);
  zuvor = sichtbar.map((blatt) => ({ blatt, mitte: blatt.karte.getCenter(), stufe: blatt.karte.getZoom(), stil: blatt.rahmen.parentElement.style.cssText }));
  sichtbar.forEach((blatt) => {
    blatt.rahmen.parentElement.style.cssText = zwei ? "width:90mm;height:78mm" : "width:184mm;height:118mm";
    blatt.passeEin();
  });
});
window.addEventListener("afterprint", () => {
  if (!zuvor) return;
  zuvor.forEach(({ blatt, mitte: m, stufe, stil }) => {
    blatt.rahmen.parentElement.style.cssText = stil;
    blatt.karte.invalidateSize({ animate: false });
    blatt.karte.setView(m, stufe, { animate: false });
  });
  zuvor = null;
});
/* Auf dem Handy ändert schon die Adressleiste die Höhe: nur die Breite zählt. */
let fensterbreite = window.innerWidth;
window.addEventListener("resize", () => {
  if (zuvor || window.innerWidth === fensterbreite) return;
  fensterbreite = window.innerWidth;
  blaetter.forEach((blatt) => { if (blatt.rahmen.offsetWidth) blatt.passeEin(); });
});
