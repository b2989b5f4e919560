"""What is being asked, and what kind of thing would answer it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.answer_types import AnswerType
from index.words import terms


class Kind(StrEnum):
    """What a question asks for, in the order in which the patterns are tried."""

    EMPTY = "empty"
    SMALL_TALK = "small_talk"
    ABOUT_ASSISTANT = "about_assistant"
    COUNT_DOCUMENTS = "count_documents"
    MENTIONS = "mentions"
    QUOTATION = "quotation"
    COMPARISON = "comparison"
    DEFINITION = "definition"
    LIST = "list"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    HOW_LONG = "how_long"
    WHY = "why"
    HOW = "how"
    WHICH = "which"
    WHAT = "what"
    YES_NO = "yes_no"
    STATEMENT = "statement"
    KEYWORDS = "keywords"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood."""

    text: str
    kind: Kind
    answer_type: AnswerType
    topic: str = ""
    """What a definition or a search for mentions is about; the speaker of a quotation."""
    wants_several: bool = False
    """Whether the answer is a list."""
    counted: str = ""
    """For "How many X …?": the term of X."""
    sides: tuple[str, ...] = ()
    """The two things that a comparison compares."""
    deed: str = ""
    """For "Whom did X brief?": the term of the verb, whose object answers."""

    @property
    def asks_who(self) -> bool:
        """Whether a definition is asked of somebody: "Who is Maria Keller?"."""
        return self.kind is Kind.DEFINITION and self.text.lstrip(" \"“'(").lower().startswith("who")

    @property
    def frame(self) -> frozenset[str]:
        """Terms that only say what kind of answer is wanted: no answer need repeat them."""
        words = set(_FRAME_WORDS)
        match = _ASKED_NOUN.match(self.text)
        if match and match.group(1).lower() in _NOUN_TYPES.get(self.answer_type, ()):
            words.add(match.group(1).lower())
        return frozenset(term for word in words for term in terms(word))


_SMALL_TALK = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|thanks?(?: you)?(?: very much)?"
    r"|thank you so much|bye|goodbye|ok(?:ay)?|great|cool|nice|how are you(?: doing)?(?: today)?"
    r"|what'?s up|see you)(?: (?:there|all|everyone|askdocs|then|again))?$",
    re.IGNORECASE,
)
_ABOUT_ASSISTANT = re.compile(
    r"^(?:who|what) are you|^what can (?:you|i) (?:do|ask)(?: here| you)?$"
    r"|^what do you do$|^are you (?:an? )?"
    r"(?:ai|robot|bot|human|chatbot|llm|language model)|^help$|^how do you work",
    re.IGNORECASE,
)
_COUNT_DOCUMENTS = re.compile(
    r"^how many (?:documents?|files?|texts?|articles?|notes?)(?: (?:do you have|are there"
    r"|are (?:loaded|indexed)|have you (?:read|got)|are in the library))?$",
    re.IGNORECASE,
)
_MENTIONS = re.compile(
    r"^(?:(?:can you )?(?:list|show|find|name)(?: me)? )?"
    r"(?:(?:in )?(?:which|what|how many|all|every|the) )?(?:of (?:the|my) )?"
    r"(?:documents?|files?|texts?|articles?|notes?|sources?)"
    r"(?: (?:that|which))? (?:do |does )?(?:mentions?|mentioning|talks? about|speaks? (?:of|about)"
    r"|refers? to|names?|discuss(?:es)?|writes? about|contains?|is about|are about|(?:is|are) )"
    r"(?P<topic>.+?)(?: mentioned)?$"
    r"|^where is (?P<topic2>.+) mentioned$"
    r"|^(?:who|what) mentions (?P<topic3>.+)$",
    re.IGNORECASE,
)
_QUOTATION = re.compile(
    r"^(?:what|how) (?:did|does|do|has|have|had) (?P<topic>.+?) (?:say|said|says|claim|state|tell"
    r"|told|announce|announced|argue|write|comment|respond|react|call|describe|vow|promise)\b"
    r"|^what (?:was|were|is) (?P<topic2>.+?)(?:'s|’s) "
    r"(?:statement|comment|words|reaction|response)",
    re.IGNORECASE,
)
_THING = r"(?:the |an? )?[\w'’.+&/-]+(?: [\w'’.+&/-]+){0,5}?"
_COMPARISON = re.compile(
    r"^(?:what|which) (?:is|are|was|were) the (?:main |key )?(?:differences?|similarit(?:y|ies)) "
    r"between "
    rf"(?P<one>{_THING}) and (?P<other>{_THING})$"
    rf"|^(?:please )?compare (?P<one2>{_THING}) (?:and|with|to|against) (?P<other2>{_THING})$"
    rf"|^how (?:do|does|did) (?P<one3>{_THING}) (?:differ from|compare (?:to|with)) "
    rf"(?P<other3>{_THING})$"
    rf"|^how (?:do|does|did) (?P<one4>{_THING}) and (?P<other4>{_THING}) (?:differ|compare)$"
    rf"|^(?:who|which|what)\b[^,]*\b(?:\w+er|more \w+|less \w+|first|better|worse)\b[^,]*[,:] "
    rf"(?P<one5>{_THING}) or (?P<other5>{_THING})$"
    rf"|^(?:is|are|was|were|did|does|do|has|have) (?P<one6>{_THING}) (?:\w+ )?"
    rf"(?:\w+er|more \w+|less \w+) than (?P<other6>{_THING})$",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^what is the (?:meaning|definition) of (?P<topic3>.+)$"
    r"|^(?:what|who) (?:is|are|was|were) (?:meant by )?(?P<topic>(?:(?:an?|the) )?[\w'’.+&/-]++"
    r"(?: [\w'’.+&/-]++){0,4}?)(?: and what .*)?$"
    r"|^define (?P<topic2>.+)$|^what does (?P<topic4>.+) (?:mean|stand for)$",
    re.IGNORECASE,
)
_RELATION = re.compile(
    r"\b(?:of|in|for|on|by|with|from|to|that|which|when|during|at|used|called|made|known)\b",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"(?:(?:being|to be|not|also|ever) )?(?!(?:the|an?)\b)[a-z]{2,}(?:ed|ought|aid|ade)\b"
    r"|(?:going|happening|said|done|seen|known|wrong|new|next|left|there|it)\b"
)
"""What follows "what was" where a deed is asked about: "agreed about the embargo"."""
_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"
)
_YES_NO = re.compile(rf"^{_AUXILIARY}(?:n't)?\s", re.IGNORECASE)
_WH = re.compile(
    r"\b(who|whom|whose|what|which|when|where|why|how)\b(?:\s+(\w+))?(?:\s+(\w+))?", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?i:is|are|was|were|has|have|had|does|did|will|would|can|could|should|said|says|\w{2,}ed)\b"
    r"|^(?:The )?[A-Z][\w'’-]*(?: (?:of|the|and|[A-Z][\w'’-]*))* [a-z]+s\s"
    r"|^The [a-z]+ [a-z]+s (?:the|an?|in|on|to)\s"
)
"""What makes a statement of words without a question: a sure verb, or a name before one in -s."""
_WHOM = re.compile(
    rf"^(?:\w+ )?whom {_AUXILIARY} .+? (?P<verb>[a-z]+)"
    r"(?: (?:in|on|at|to|for|with|about|after|before|during|as|from|by|of)\b.*)?$",
    re.IGNORECASE,
)
_COPULA = re.compile(
    r"^(?:is|are|was|were|'s|would be)\s+(?:the|an?|his|her|its|their)\s+", re.IGNORECASE
)
_HOW_MANY = re.compile(
    r"\bhow many (?P<noun>(?:[\w-]+ ){0,2}?[\w-]+)(?= (?:is|are|was|were|has|have|had|did|do|does"
    r"|can|could|will|would|of|in|on|at|\w+ed)\b|$)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?:list|name|enumerate|give me (?:a list|all)|show me all)\b|^(?:what|which) (?:are|were) "
    r"(?:all |the )|^(?:what|which) (?:countries|people|groups|states|cities|members|companies"
    r"|organi[sz]ations|persons|parties|bodies|laws|documents|kinds|types)\b",
    re.IGNORECASE,
)

_NOUN_TYPES: dict[AnswerType, frozenset[str]] = {
    kind: frozenset(nouns.split())
    for kind, nouns in {
        AnswerType.DATE: "year date day month decade century season period era week time weekday "
        "years dates days months",
        AnswerType.PLACE: "country city town state place continent region province county "
        "location countries cities towns states places village area river island capital nation "
        "nations",
        AnswerType.PERSON: "person man woman president king queen author writer actor actress "
        "singer player leader minister director inventor scientist philosopher composer general "
        "emperor founder artist officer politician secretary commander diplomat speaker "
        "spokesman official people character",
        AnswerType.NAME: "company organization organisation agency group team university school "
        "party institution committee court newspaper band club army militia publisher book film "
        "movie song law act treaty war battle airline bank brand church movement body commission "
        "language religion tribe ministry department",
        AnswerType.NUMBER: "number amount quantity total population size distance height weight "
        "length speed temperature age score rank ratio rate",
        AnswerType.PERCENT: "percentage percent proportion share fraction",
        AnswerType.MONEY: "price cost salary budget revenue fee fine sum income tax value",
    }.items()
}
_ASKED_NOUN = re.compile(r"\W*(?:(?:in|at|on|from|to|by)\s+)?(?:which|what)\s+(\w+)", re.IGNORECASE)
_FRAME_WORDS = frozenset("reason reasons give given exactly happen happened".split())
_HOW_TYPES = {
    "many": (Kind.HOW_MANY, AnswerType.NUMBER),
    "much": (Kind.HOW_MUCH, AnswerType.MONEY),
    "long": (Kind.HOW_LONG, AnswerType.DURATION),
    "old": (Kind.HOW_LONG, AnswerType.NUMBER),
    "far": (Kind.HOW_MANY, AnswerType.NUMBER),
    "tall": (Kind.HOW_MANY, AnswerType.NUMBER),
    "high": (Kind.HOW_MANY, AnswerType.NUMBER),
    "large": (Kind.HOW_MANY, AnswerType.NUMBER),
    "big": (Kind.HOW_MANY, AnswerType.NUMBER),
    "fast": (Kind.HOW_MANY, AnswerType.NUMBER),
    "often": (Kind.HOW_MANY, AnswerType.NUMBER),
    "few": (Kind.HOW_MANY, AnswerType.NUMBER),
}


def analyse(text: str) -> Question:
    """Work out what ``text`` asks for."""
    bare = re.sub(r"\s+", " ", text).strip(" \t\n?!.,;:¿¡-–—\"'“”")
    if not re.search(r"\w", bare):
        return Question(text, Kind.EMPTY, AnswerType.ANY)
    for kind, pattern in (
        (Kind.SMALL_TALK, _SMALL_TALK),
        (Kind.ABOUT_ASSISTANT, _ABOUT_ASSISTANT),
        (Kind.COUNT_DOCUMENTS, _COUNT_DOCUMENTS),
    ):
        if pattern.search(bare):
            return Question(text, kind, AnswerType.ANY)
    return _analyse_request(text, _without_politeness(bare))


def _analyse_request(text: str, bare: str) -> Question:
    """Work out what a question asks for that is about the documents."""
    if match := _MENTIONS.match(bare):
        return Question(text, Kind.MENTIONS, AnswerType.ANY, _first_group(match))
    if match := _QUOTATION.match(bare):
        return Question(text, Kind.QUOTATION, AnswerType.SPEECH, _first_group(match))
    if match := _COMPARISON.match(bare):
        sides = tuple(group.strip() for group in match.groups() if group)
        return Question(text, Kind.COMPARISON, AnswerType.ANY, sides=sides)
    match = _DEFINITION.match(bare)
    if match and not _RELATION.search(_first_group(match)) and not _DEED.match(_first_group(match)):
        return Question(text, Kind.DEFINITION, AnswerType.DEFINITION, _first_group(match))
    if _LIST.match(bare):
        return Question(text, Kind.LIST, _type_of_nouns(bare), wants_several=True)
    if wh := _WH.search(bare):
        kind, answer_type = _by_question_word(wh, bare)
        return Question(text, kind, answer_type, counted=_counted(bare), deed=_deed(bare))
    if _YES_NO.match(bare):
        return Question(text, Kind.YES_NO, AnswerType.ANY)
    if text.rstrip().endswith(".") or (_VERB.search(bare) and len(bare.split()) > 2):
        return Question(text, Kind.STATEMENT, AnswerType.ANY)
    return Question(text, Kind.KEYWORDS, AnswerType.ANY)


def _by_question_word(match: re.Match[str], bare: str) -> tuple[Kind, AnswerType]:
    word = match.group(1).lower()
    following = [group.lower() for group in match.groups()[1:] if group]
    if word in ("who", "whom", "whose"):
        return Kind.WHO, AnswerType.PERSON
    if word == "when":
        return Kind.WHEN, AnswerType.DATE
    if word == "where":
        return Kind.WHERE, AnswerType.PLACE
    if word == "why":
        return Kind.WHY, AnswerType.REASON
    if word == "how":
        return _by_how(following, bare)
    nouns = _COPULA.sub("", bare[match.end(1) :].strip()).split()[:4]
    kind = Kind.WHICH if word == "which" else Kind.WHAT
    if re.search(r"\breasons?\b", " ".join(nouns), re.IGNORECASE):
        return Kind.WHY, AnswerType.REASON
    return kind, _type_of_nouns(" ".join(nouns))


def _by_how(following: list[str], bare: str) -> tuple[Kind, AnswerType]:
    if not following or following[0] not in _HOW_TYPES:
        return Kind.HOW, AnswerType.ANY
    kind, answer_type = _HOW_TYPES[following[0]]
    if (
        kind is Kind.HOW_MUCH
        and len(following) > 1
        and not re.search(
            r"\b(?:cost|pay|paid|worth|money|price|spend|spent|earn|raise|dollars?|donat\w+|fund\w+)\b",
            bare,
            re.IGNORECASE,
        )
    ):
        return kind, AnswerType.NUMBER
    return kind, answer_type


def _counted(bare: str) -> str:
    """Return the term of what "how many" counts: the last noun before the verb."""
    match = _HOW_MANY.search(bare)
    if not match:
        return ""
    counted = [word for word in re.split(r"\W+", match.group("noun")) if word]
    noun = terms(counted[-1]) if counted else []
    return noun[0] if noun else ""


def _deed(bare: str) -> str:
    """Return the term of the verb that a question with "whom" asks the object of."""
    match = _WHOM.match(bare)
    return next(iter(terms(match.group("verb"))), "") if match else ""


def _type_of_nouns(text: str) -> AnswerType:
    """Return the type that the first noun we know asks for."""
    for word in re.findall(r"\w+", text.lower()):
        for answer_type, nouns in _NOUN_TYPES.items():
            if word in nouns:
                return answer_type
        if word in ("is", "are", "was", "were", "did", "does", "do", "of"):
            break
    return AnswerType.ANY


def _without_politeness(text: str) -> str:
    return re.sub(
        r"^(?:(?:please|could you|can you|would you|i(?:'d| would) like to know|do you know"
        r"|tell me|i want to know|please tell me|so|and|but|also|well|ok|hi|hello)[,\s]+)+"
        r"(?=\w+\s)",
        "",
        text,
        flags=re.IGNORECASE,
    )


def _first_group(match: re.Match[str]) -> str:
    return next((group.strip() for group in match.groups() if group), "")
