"""Every error that evaluation raises, drawn as one tree.

index.errors.AskdocsError
└── index.errors.UsageError
    ├── UnknownQuestionSet     a name or folder that holds no question set
    ├── QuestionSetDamaged     a line of a set or run file that does not follow its format
    ├── CorpusRefused          a document of a set that the library does not take
    ├── UnknownCase            an id that no pending case has
    └── CaseUnusable           a pending case that cannot become a question of a set
"""

from __future__ import annotations

from index.errors import UsageError


class UnknownQuestionSet(UsageError):
    """A name or folder that holds no question set."""


class QuestionSetDamaged(UsageError):
    """A line of a question set, run file or baseline does not follow its format."""


class CorpusRefused(UsageError):
    """A document of a question set was not taken into its library."""


class UnknownCase(UsageError):
    """An id that no pending case has, or several begin with."""


class CaseUnusable(UsageError):
    """A pending case that cannot become a question of a set as it is."""
