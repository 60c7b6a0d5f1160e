"""200 lange, fremde und feindliche Namen, einmal für alle Formate."""

# ruff: noqa: RUF001 – fremde Schriften sind hier der Zweck
import unicodedata

_ECHT = (
    "Wattenscheid-Mitte",
    "Kornharpen/Voede-Abzweig",
    "Langendreer-Alter Bahnhof",
    "Wiemelhausen/Brenschede",
    "Südinnenstadt",
    "Günnigfeld",
    "Höntrop",
    "Großer Tiergarten",
    "Volkspark (Rudolph-Wilde-Park)",
    "Dörfer Malchow-Wartenberg",
    "Bouchéstraße",
    "Garbátyplatz",
    "Straße der Pariser Kommune",
    "Heine-Viertel West",
    "Charitéviertel",
    "Łódzka Dzielnica",
    "Želivského náměstí",
    "Šibenička ulica",
    "İstanbul Mahallesi",
    "Çeşme Sokağı",
    "Quartier de l’Étoile",
    "Ðakovo Ćuprija",
    "Þingholt",
    "Ørestad Æbelø",
    "Áth Cliath",
    "Khu phố Đông Đa",
    "Площадь Победы",
    "Πλατεία Συντάγματος",
    "Ґанок Їжак",
    "Հայաստան",
    "თბილისი",
)
_FEINDLICH = (
    "<b>Fett</b>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<!-- Kommentar -->",
    "]]>Ende",
    "&lt;b&gt; &amp; &#60;",
    "&nbsp;&shy;",
    "{{ 7*7 }}",
    "{% raw %}{{ x }}",
    "${7*7} #{7*7}",
    "%s %d %(name)s",
    "{0.__class__}",
    "=HYPERLINK(0)",
    "+1+1",
    "-1+2",
    "@SUM(A1)",
    "=1+1|cmd",
    "'=1+1",
    "' OR '1'='1",
    "Robert'); DROP TABLE gebiete;--",
    "../../etc/passwd",
    "C:\\Windows\\System32",
    'a/b\\c:d*e?f"g<h>i|j',
    "CON",
    "NUL.txt",
    "#let x = 1; #panic(sys)",
    "$x^2$ *fett* _schräg_ @ref `raw`",
    "[Verweis](javascript:alert(1))",
    "# Überschrift",
    "- Liste",
    "1. Zahl",
    "\\textbf{x} \\input{y}",
    "NaN",
    "None",
    "null",
    "TRUE",
    "1e5",
    "0123",
    "1,5 %",
    "[offen: Name]",
    "„Anführung“ ‚halb‘ »spitz«",
    "Ein Name, mit; vielen: Zeichen!?",
    "....",
    "-",
    "_",
)
_RECHTS = (
    "שלום עולם",
    "מרכז העיר",
    "רחוב הנביאים",
    "תל אביב-יפו",
    "مرحبا",
    "المدينة القديمة",
    "شارع النيل",
    "حي السلام",
    "بازار بزرگ",
    "کوی دانشگاه",
)
_ZEICHEN = (
    "😀 Haus",
    "Park 🌳🌳",
    "👩‍👩‍👧 Familie",
    "🇩🇪 Platz",
    "👍🏽 gut",
    "☀ Sonne ★ Stern",
    "→ Ost ← West",
    "½ Weg ¾ Ziel",
    "Café ①②③",
    "日本町",
    "北京路",
    "中文名字很长很长很长",
    "서울 중구",
    "ひらがな カタカナ",
    "ไทยทาวน์",
    "हिन्दी नगर",
    "தமிழ் தெரு",
    "e\u0301 e\u0302 a\u0308",
    "Z\u0300\u0301\u0302\u0303a\u0330lgo",
    "Stra\u00dfe\u00ad\u00adtrennung",
    "Null\u200bbreite\u200cZeichen\u200d",
    "fest\u00a0verbunden\u202fschmal",
    "links\u202egeh\u202c",
    "a\x07b\x1bc",
    "Zeile\u2028zwei",
    "\ufeffAnfang",
    "ﬁ ﬂ Ligaturen",
    "𝔊𝔬𝔱𝔥𝔦𝔰𝔠𝔥",
    "Ａｌｔ ｂｒｅｉｔ",
    "Iıİi ſ ẞ ß",
)
_LANG = tuple(
    (f"{anfang}{fuelle * 80}")[:80].strip()
    for anfang in ("", "Sankt ", "Neu-")
    for fuelle in ("Ä", "Wohnpark am Wasser ", "Straße/", "Donaudampfschiff", "i ")
)


def _liste() -> tuple[str, ...]:
    namen = [*_ECHT, *_FEINDLICH, *_RECHTS, *_ZEICHEN, *_LANG]
    # Dieselben Wörter anders kodiert und gemischt, bis es 200 sind.
    namen += [unicodedata.normalize("NFD", n) for n in _ECHT if not n.isascii()]
    for echt, fremd in zip(_ECHT, (*_RECHTS, *_FEINDLICH), strict=False):
        namen.append(f"{echt} – {fremd}")
    namen += [f"{fremd} {echt}" for echt, fremd in zip(_ECHT, _ZEICHEN, strict=False)]
    return tuple(dict.fromkeys(namen))[:200]


NAMEN = _liste()
