// furo schreibt diese Namen von Bedienteilen fest auf Englisch in die Seite.
const NAMEN = {
  "Toggle site navigation sidebar": "Inhaltsverzeichnis ein- oder ausblenden",
  "Toggle table of contents sidebar": "Gliederung der Seite ein- oder ausblenden",
  "Toggle Light / Dark / Auto color theme": "Helle, dunkle oder automatische Farben",
};

document.addEventListener("DOMContentLoaded", () => {
  for (const teil of document.querySelectorAll("[aria-label]")) {
    const name = teil.getAttribute("aria-label");
    teil.setAttribute("aria-label", NAMEN[name] ?? name.replace(/^Toggle navigation of/, "Auf- oder zuklappen:"));
  }
});
