"""Small documents that open: what tests upload as quotes."""


def pdf(words: str = "Angebot") -> bytes:
    """A PDF of one empty page whose title is `words` (Latin-1): other words, another document."""
    title = words.replace("\\", "").replace("(", "").replace(")", "")
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        f"<</Title({title})>>",
    )
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj{body}endobj\n".encode("latin-1")
    entries = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}"
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 4 0 R>>\n"
    return content + f"{table}{trailer}startxref\n{len(content)}\n%%EOF\n".encode("latin-1")
