"""Is this line something that websites put round a text, rather than the text?

A line counts only if it is short and one of the patterns matches it from its start, or as a
whole, so that a sentence which merely mentions "read more" stays evidence.
"""

from __future__ import annotations

import re

LONGEST_LINE = 160
"""Characters of the longest line that a pattern for the start of a line may mark."""
LONGEST_NOTICE = 600
"""Characters of the longest legal notice."""

_AT_START = re.compile(
    r"""(?:
    read\ (?:also|more|next|this\ next|the\ full\ (?:story|article|report))\b
    | (?:see|also)\ (?:also|read|see)\s*:
    | (?:more|related)\ (?:stories|articles|news|posts|content|coverage|reading|topics|links)\b
    | you\ (?:may|might)\ also\ (?:like|be\ interested)\b
    | recommended\ (?:for\ you|stor(?:y|ies))\b
    | (?:follow|find|join|like|connect\ with)\ us\ (?:on|at|via)\b
    | follow\ [\w@.' ]{1,40}\ on\ (?:twitter|x|facebook|instagram|telegram|linkedin|youtube)\b
    | share\ (?:this|on|via|with\ your|the\ article)\b
    | (?:subscribe|sign\ up)\ (?:to|for|now|here|today|with|and)\b
    | register\ (?:now|here|today|for\ (?:free|our))\b
    | [\w' ]{0,40}newsletters?\s*:
    | (?:video\ )?ad\ feedback\b | (?:just|must)\ watch(?:ed)?\b.{0,80}\b(?:videos?|replay)\b
    | sign\ in\ (?:to|or|with)\b
    | click\ (?:here|to|on\ the\ link)\b
    | tap\ (?:here|to)\b
    | view\ (?:in\ full|the\ full|original|source|comments|all|more|gallery)\b
    | written\ by\ [\w.@-]+\s*$
    | photo(?:s|graph)?(?:\ (?:credits?|by|courtesy\ of))?\s*:
    | (?:image|picture)\ (?:credits?|by)\s*:
    | (?:copyright|\(c\)|©)(?:\s|:|\b)
    | all\ rights\ reserved\b
    | (?:we|this\ (?:web)?site|our\ (?:web)?site)\ uses?\ cookies\b
    | by\ (?:continuing|using\ this\ site|clicking)\b.{0,60}\b(?:cookies|terms|privacy)
    | (?:accept|manage|reject)(?:\ all)?\ cookies\b
    | (?:cookie|privacy)\ (?:policy|notice|settings|preferences)\b
    | (?:skip|jump)\ to\ (?:main\ )?(?:content|navigation)\b
    | (?:download|get)\ (?:the|our)\ (?:free\ )?app\b
    | leave\ a\ (?:comment|reply)\b
    | (?:your\ email\ address\ will\ not|this\ post\ was\ originally)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_WHOLE = re.compile(
    r"""(?:
    (?:\d{1,3}|one|two|three|four|five|six)[\ -]min(?:ute)?s?(?:[\ -]read)?(?:\ read)?
    | (?:estimated\ )?reading\ time\s*:?\s*\d+\s*min(?:ute)?s?
    | adverti[sz]ement(?:\s*[-–—|:]?\s*(?:continue|scroll|story\ continues).{0,60})?
    | (?:story\ continues\ below(?:\ advertisement)?|continue\ reading(?:\ below)?)
    | sponsored(?:\ (?:content|by\ .{1,60}))?
    | (?:share|tweet|print|email|comments?|reply|like|save|copy\ link|subscribe|newsletter|menu
        |search|home|log\ ?in|sign\ ?(?:in|up)|skip|close|next|previous|back\ to\ top|top\ stories
        |trending|most\ (?:read|popular|viewed)|breadcrumbs?|toggle\ navigation)
    | (?:(?:share|tweet|print|email|facebook|twitter|whatsapp|linkedin|telegram|pinterest|reddit
        |instagram|youtube|copy\ link)[\s|,/·•]*(?:and\s)?){2,12}
    | \d+\ (?:comments?|shares?|views?|likes?)
    | (?:watch|listen)\ (?:live|now|here)
    )[\s.:!»>…]*""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"""\b(?:views?|opinions?|positions?)\b[^.]{0,80}\bexpressed\b[^.]{0,40}
        \b(?:here(?:in)?|article|post|piece|site)\b[^.]{0,60}\b(?:are|do|is|belong|solely|reflect)\b
    | \b(?:may|must)\ not\ be\ (?:published|reproduced|republished)\b[^.]{0,80}
        \b(?:without|broadcast|rewritten|redistributed)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def is_boilerplate(line: str) -> bool:
    """Whether ``line`` is a menu entry, a pointer elsewhere or a notice of the publisher."""
    # A view in which no-break spaces are spaces; nothing of it is stored.
    seen = " ".join(line[: LONGEST_NOTICE + 1].split()).lstrip("-–—•·»>|*_[( ")
    if not seen or len(seen) > LONGEST_NOTICE:
        return False
    if len(seen) <= LONGEST_LINE and (_AT_START.match(seen) or _WHOLE.fullmatch(seen)):
        return True
    return bool(_NOTICE.search(seen))
