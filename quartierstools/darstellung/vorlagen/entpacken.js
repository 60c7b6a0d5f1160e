/* Gegenstück zu gepackte_flaechen: Schritte in 0,00001 Grad werden zu GeoJSON. */
window.kartendaten = JSON.parse(document.getElementById("kartendaten").textContent);
window.entpackt = function (rolle) {
  "use strict";
  function ring(schritte) {
    const punkte = [];
    let x = 0, y = 0;
    for (let i = 0; i < schritte.length; i += 2) {
      x += schritte[i];
      y += schritte[i + 1];
      punkte.push([x / 1e5, y / 1e5]);
    }
    return punkte;
  }
  const features = window.kartendaten[rolle].map((teile, id) => ({
    type: "Feature", id, properties: {},
    geometry: { type: "MultiPolygon", coordinates: teile.map((teil) => teil.map(ring)) },
  }));
  return { type: "FeatureCollection", features };
};
