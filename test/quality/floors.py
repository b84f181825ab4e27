"""Prints what was measured beside what must be reached (must) and what fails the build (floor)."""
import json, sys

name, folder = sys.argv[1:3]
read = lambda f: json.load(open(f"{folder}/{f}.score", encoding="utf-8"))
gold, bare, xquad = read("gold"), read("bare"), read("xquad")
cross = lambda s: [v["MRR"] for p, v in s["pairs"].items() if p[:2] != p[3:]]
same = lambda s: s["same_language_mean"]["MRR"]
own = [gold["mixed"][l]["first10"].get(l, 0) for l in ("vi", "ru", "en")]
three = sum(m["R@10"] for m in gold["mixed"].values()) / 3
vietnamese = lambda s: sum(v["MRR"] for p, v in s["pairs"].items() if p[:2] == "vi") / 3
loss = 1 - vietnamese(bare) / vietnamese(gold)
box = name == "box"
rows = [  # what, measured, must, floor
    ("needs and offers, across languages, MRR", gold["cross_mean"]["MRR"], .80, .80),
    ("needs and offers, across languages, R@10", gold["cross_mean"]["R@10"], .95, .93),
    ("needs and offers, weakest pair, MRR", min(cross(gold)), .72, .72),
    ("needs and offers, one language, MRR", same(gold), .84, .80),
    ("needs and offers, mixed: the three right ones in ten", three, .86, .86),
    ("needs and offers, mixed: own language, least", min(own), .28, .20),
    ("needs and offers, mixed: 1 - own language, most", 1 - max(own), .62, .55),
    ("needs without diacritics, 1 - loss of MRR", 1 - loss, .95, .60),
    ("XQuAD 1-24, across languages, MRR", xquad["cross_mean"]["MRR"], .86 if box else .91, .82 if box else .885),
    ("XQuAD 1-24, one language, MRR", same(xquad), .955, .94),
]
failed = 0
for what, measured, must, floor in rows:
    verdict = "reached" if measured >= must else "NOT REACHED" if measured >= floor else "UNDER THE FLOOR"
    failed += measured < floor
    print(f"  {what:<55}{measured:8.4f}   must {must:.3f}   {verdict}")
for s, what in ((gold, "match"), (xquad, "search")):
    print(f'  {what}: ms a query p50 {s["ms"]["p50"]:g}, p99 {s["ms"]["p99"]:g}')
sys.exit(1 if failed else 0)
