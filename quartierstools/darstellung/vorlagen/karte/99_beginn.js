/* Ein wiederhergestelltes Formular (Zurück-Taste) soll zur Karte passen. */
const gesetzt = document.querySelector('input[name="ebene"]:checked');
const ansichtsknopf = document.querySelector('input[name="ansicht"][value="eine"]');
if (ansichtsknopf) ansichtsknopf.checked = true;
richteAngeboteEin();
richteStreubildEin();
erzeugeBlatt(window.quartierskarten[0], 0);
richteSteuerungEin();
richteSucheEin();
richteHintergrundEin();
zeigeEbene(gesetzt ? Number(gesetzt.value) : 0);
zeigeProfil();
if (A) angebotewechsel();
window.quartierskarte = { bereit: performance.now() - beginn, zustand, blaetter };
