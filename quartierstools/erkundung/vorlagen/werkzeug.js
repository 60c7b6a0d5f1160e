// Bausteine: Namen stehen immer als Text im Baum, nie als HTML.
const SVG = "http://www.w3.org/2000/svg";

function knoten(art, eigenschaften = {}, ...kinder) {
  const neu = ["svg", "g", "path", "circle", "pattern", "rect", "text", "line"].includes(art)
    ? document.createElementNS(SVG, art)
    : document.createElement(art);
  for (const [name, wert] of Object.entries(eigenschaften)) {
    if (wert === undefined || wert === null || wert === false) continue;
    if (name === "text") neu.textContent = wert;
    else if (name.startsWith("on")) neu.addEventListener(name.slice(2), wert);
    else neu.setAttribute(name, wert === true ? "" : wert);
  }
  neu.append(...kinder.filter((kind) => kind !== null));
  return neu;
}

function leere(element, ...kinder) {
  element.replaceChildren(...kinder.filter((kind) => kind !== null));
}

const zahl = (wert, stellen = 1) =>
  wert === null || wert === undefined
    ? "–"
    : wert.toLocaleString("de-DE", { minimumFractionDigits: stellen, maximumFractionDigits: stellen });

let zaehler = 0;
const kennung = (anfang) => `qt-${anfang}-${++zaehler}`;

// Der Nachbar in einer Richtung: nah und möglichst genau in dieser Richtung.
function nachbar(mitten, von, taste) {
  const richtung = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[taste];
  if (!richtung) return -1;
  let bester = -1;
  let kleinste = Infinity;
  mitten.forEach(([x, y], stelle) => {
    const dx = x - mitten[von][0];
    const dy = y - mitten[von][1];
    const vor = dx * richtung[0] + dy * richtung[1];
    if (stelle === von || vor <= 0) return;
    const seit = Math.abs(dx * richtung[1]) + Math.abs(dy * richtung[0]);
    const weit = vor + 2 * seit;
    if (weit < kleinste) [bester, kleinste] = [stelle, weit];
  });
  return bester;
}
