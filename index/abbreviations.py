"""Which words carry a full stop that need not end a sentence?

All in lower case and without their last stop, except ``OPENERS``.
"""

from __future__ import annotations

TITLES = frozenset(
    """mr mrs ms messrs mme mlle dr drs prof profs gen brig col lt lieut maj capt cmdr comdr sgt cpl
    pvt adm sen sens rep reps gov govs rev fr hon pres supt insp amb atty fmr vs v mt ft
    """.split()
)
"""A name or a noun always follows."""

UNFINISHED = frozenset("i.e e.g cf viz eg ie incl approx ca resp esp".split())
"""What is announced always follows."""

NUMBERED = frozenset(
    """no nos fig figs eq eqs eqn ref refs p pp par para paras art arts sec sect ch chap vol vols
    tab op ser ex app appx n
    """.split()
)
"""A number follows, or the stop ends the sentence."""

WORDS_WITH_STOP = frozenset(
    """jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri
    st ave blvd rd hwy sq jr sr esq al ed eds trans repr est dist min max avg temp misc
    spp sp subsp var cal calif fla mass mich minn miss okla ore penn tenn tex va wash wis conn colo
    ariz ark ont que
    """.split()
)
"""The stop ends the sentence only where the next word is one that opens sentences."""

ORGANISATIONS = frozenset(
    """inc ltd co cos corp bros llc plc dept dpt univ assn assoc intl natl govt gov't mfg hosp inst
    comm div ave
    """.split()
)
"""As ``WORDS_WITH_STOP``."""

OPENERS = frozenset(
    """A About According Additionally After All Also Although Among An And Another Any Are As At
    Because Before Both But By Can Could Despite Did Do Does During Each Even Every Finally First
    For From Further Furthermore Given Had Has Have He Hence Her Here His How However I If In
    Indeed Instead Is It Its Later Like Many Meanwhile More Moreover Most Much My Nevertheless No
    Nor Not Now Of On Once One Only Or Other Others Our Over Perhaps Please Second Several She
    Similarly Since So Some Such That The Their Then There Therefore These They This Those Though
    Thus To Today Two Under Unlike Until Upon Was We Were What When Where Whereas Whether Which
    While Who Why With Within Without Would Yet You Your""".split()
)
"""Capitalised words that seldom go on after an abbreviation inside a sentence."""
