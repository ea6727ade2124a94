"""Closed classes of English words that part clauses, and short lists of what may stand for an actor."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words(
    "a an the this these those its his her their our my your some any each every no another such both all many "
    "several few two three four five six more most other own same new old former"
)
BE = _words("is are was were be been being am isn't aren't wasn't weren't got gets get getting")
HAVE = _words("has have had having hasn't haven't hadn't")
DO = _words("do does did don't doesn't didn't")
POSSIBLE = _words(
    "would could might may should must can cannot ought can't couldn't wouldn't shouldn't mustn't mightn't"
)
FUTURE = _words("will shall won't")
AUXILIARIES = BE | HAVE | DO | POSSIBLE | FUTURE
NEGATIONS = _words("not never without nor neither hardly barely cannot")
ADVERBS = _words(
    "also even still just only then now again already ever always often once soon too so further yet instead rather "
    "long first later twice almost quite very much well today yesterday tomorrow monday tuesday wednesday thursday "
    "friday saturday sunday here there together back away himself herself itself themselves"
)
PREPOSITIONS = _words(
    "of in to for with on at from by about as into like through over between out against during without before under "
    "around among within behind beyond above below toward towards upon amid despite near across along off per via "
    "regarding concerning inside outside alongside throughout following including besides except than"
)
SUBORDINATORS = _words(
    "because although though while whereas if unless when after before since until whether how why what where as "
    "whenever once"
)
CONDITIONS = _words("if unless whether")
RELATIVES = _words("who which whom whose that")
PRONOUNS = _words("i you he she it we they")
CONJUNCTIONS = _words("and or but & nor plus")
DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
MARKS = frozenset(";:()[]—–!?.…")

REPRESENTATIVES = _words(
    """
    government governments officials official forces troops military army navy soldiers president presidents minister
    ministers ministry secretary leaders leader leadership administration administrations lawmakers lawmaker senator
    senators congressman congresswoman representative representatives diplomats diplomat diplomacy spokesman spokeswoman
    spokesperson spokespeople ambassador ambassadors envoy envoys intelligence delegation team campaign lawyer lawyers
    attorney attorneys aide aides side authorities parliament state states regime embassy fleet warplanes jets aircraft
    warships missiles agents agency agencies spies hackers operatives commander commanders general generals police court
    prosecutors department committee house senate congress chairman chairwoman chair adviser advisers advisor advisors
    negotiators negotiator troops marines nominee candidate candidates governor governors mayor premier chancellor king
    queen prince party bloc allies ally counterpart counterparts members nation country council presidency cabinet
    decision decisions move moves action actions policy policies annexation invasion intervention attack attacks strikes
    tweet tweets remarks comments statement statements speech letter report plan proposal offensive aggression support
    interference meddling efforts people population election elections territory soil
    interests economy system behavior behaviour sanctions tariffs federation kingdom kremlin republic director
    chief strategist manager parties sides groups
    """
)
"""After a mention: those who act for it, and its deeds."""

ABSTRACT = ("tion", "tions", "sion", "sions", "ment", "ments", "ism", "ity", "ship", "cy", "nce", "ing")
"""Endings of nouns that name deeds and qualities rather than persons: "US unilateralism"."""

OTHERS = _words(
    """
    journalist journalists media newspaper newspapers press citizens citizen public voters voter critics critic
    opponents opponent activists activist protesters demonstrators analysts analyst experts expert scholars scholar
    professor companies company firms firm businesses business bank banks investors wife husband son daughter father
    mother brother predecessor successor rival rivals foe foes enemies enemy supporters supporter fans tourists students
    student women men children families family immigrants refugees victims hostage hostages language culture food border
    borders history economist author writer film hotel
    """
)
"""After a mention: those who do not act for it."""

WITH_CLAUSE = _words(
    "say tell think believe know claim argue insist suggest hope add note report reveal acknowledge deny fear worry "
    "conclude predict assert contend maintain feel see understand mean announce state declare allege assume expect show"
)
"""Verbs after which a clause of its own may begin without "that"."""

CONTROL = _words(
    "urge ask tell want order force push call allow let invite expect warn press persuade help encourage direct "
    "instruct enable cause require get request pressure beg advise challenge lead drive appeal need like"
)
"""Verbs whose object does what the infinitive says."""

DONE = _words(
    "decide vow pledge promise agree begin continue start manage help move choose threaten offer dare go proceed come "
    "fail serve seem appear use utilise utilize"
)
"""Verbs after which the infinitive is a deed, a word given, or the subject's decision."""

WISHED = _words(
    "want plan hope intend try seek attempt aim wish prepare expect need be have urge ask call tell order press push "
    "consider prefer struggle propose get like schedule design mean"
)
"""Verbs after which the infinitive is no deed yet."""

DONE_NOUNS = _words(
    "decision decisions move moves agreement pledge pledges promise promises vow deal willingness readiness commitment "
    "threat threats"
)
UNDONE = _words("fail decline forget")
REFUSE = _words("refuse decline")
LIGHT = _words(
    "impose launch make wage sign reach have give offer provide express issue hold announce deliver mount start begin "
    "lead conduct declare voice order extend send take draw carry get strike forge conclude negotiate offer continue "
    "pay show pose initiate step intensify unleash file bring stage plan increase expand put include threaten renew "
    "keep sustain throw heap shower lavish pile broker implement apply approve seek"
)
"""Verbs that lend a noun its subject: "impose sanctions"."""

RECEIVING = _words(
    "face draw receive get win earn suffer attract endure find gain meet have enjoy see spark provoke prompt secure be"
)
"""Verbs whose subject is the object of a noun: "drew a rebuke from"."""

ENDING = _words(
    "lift ease end drop remove suspend stop reject oppose reduce cancel abandon cut halt withdraw scrap oppose violate "
    "break block avoid rescind relax tear"
)
"""Verbs that turn a noun into its opposite: "lift sanctions", "reject a deal"."""
