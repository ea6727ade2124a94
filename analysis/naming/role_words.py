"""The words that stand beside a noun for persons in a role, and say whose they are or which ones are meant.

`analysis.naming.groups` has the rules that they serve.
"""

from __future__ import annotations

import re

_NUMBER = (
    r"\d{1,3}(?:,\d{3})*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|hundred|thousand"
)
# words that say no more of persons than that they are meant
_ADDS_NOTHING = (
    r"alleged|suspected|accused|indicted|convicted|arrested|captured|detained|expelled|jailed|same|said"
)
_MODIFIER = (
    r"intelligence|counter-?intelligence|military|spy|espionage|security|secret|service|state|government|army|navy|naval"
    r"|air|force|special|forces|operations|cyber|computer|police|paramilitary|border|coast|guard|foreign|ministry|defen[cs]e"
    r"|interior|embassy|consular|diplomatic|nuclear|trade|sleeper|internet|senior|high-?level|high-?ranking|top|former|young"
    r"|undercover|covert|clandestine|elite|armed|main|domestic|federal|national|male|female"
)
_BEFORE_NOUN = rf"(?:(?:{_MODIFIER}|{_ADDS_NOTHING}|{_NUMBER})[\s-])"
OWNED_BEFORE = re.compile(rf"(?:['\u2019]s?)?[ \t\u00a0\n]{_BEFORE_NOUN}{{0,5}}", re.IGNORECASE)
OWNED_AFTER = re.compile(
    rf"\s(?:of|employed\s+by|(?:working|spying)\s+for|(?:linked|tied)\s+to)\s+(?:the\s+)?{_BEFORE_NOUN}{{0,3}}"
)
ITS = re.compile(rf"\bits\s({_BEFORE_NOUN}{{0,3}})\Z", re.IGNORECASE)
DEFINITE = re.compile(rf"\b(?:the|these|those|both)\s({_BEFORE_NOUN}{{0,4}})\Z", re.IGNORECASE)
DETERMINERS = frozenset({"the", "these", "those", "both", "its"})
MAY_STAND_BEFORE = re.compile(rf"(?:.*-)?(?:{_MODIFIER}|{_ADDS_NOTHING}|{_NUMBER})", re.IGNORECASE)
DETERMINED = re.compile(rf"\b(?:the|these|those|both|its)\s{_BEFORE_NOUN}{{1,4}}\Z", re.IGNORECASE)
NEW_WORD = re.compile(rf"\b(?!(?:{_ADDS_NOTHING}|{_NUMBER})\b)[a-z-]+", re.IGNORECASE)
JOINED = re.compile(r"\s*(?:,|,?\s*\b(?:and|or)\b|&|/)\s*(?:the\s+)?|[\s-]", re.IGNORECASE)
NUMBERED = re.compile(rf"\b(?:{_NUMBER}|some|several|dozens\s+of)\s\Z", re.IGNORECASE)
_PEOPLE = (
    r"(?:nationals|citizens|men|women|people|brothers|teenagers|students|businessmen|executives|scientists|researchers"
    r"|engineers)\b"
)
ARE_PEOPLE = re.compile(rf"\s{_BEFORE_NOUN}{{0,3}}{_PEOPLE}", re.IGNORECASE)
SOME_PEOPLE = re.compile(
    rf"\b(?:{_NUMBER}|several|some|other|young)\s(?:[a-z-]+\s){{0,2}}{_PEOPLE}", re.IGNORECASE
)
_MONTH = r"January|February|March|April|May|June|July|August|September|October|November|December"
SAYS_WHICH = re.compile(
    r"(?:['\u2019]?\s(?:and\s[a-z]+\s)?(?:of|from|at|with|between|who|that|whose|whom|which|loyal|backed|led|linked|tied"
    rf"|working|based|stationed|sent|trained|in(?!\s(?:th(?:e|is)\s(?:case|suit|lawsuit|indictment|trial|complaint)|court|[12]\d{{3}}|{_MONTH})\b)"
    r"|on(?!\s(?:[A-Z][a-z]+day|suspicion|charges|trial)\b)"
    rf"|for(?!\s(?:\d|a\b|an\b|(?:{_NUMBER})\b|(?:many\s|several\s|the\s(?:first|last|past)\s)?(?:years|months|weeks|days|hours|decades|time)\b)))"
    r"\b|[-\u2010\u2011]\w)",
    re.IGNORECASE,
)
IS_SAID_TO_BE = re.compile(
    rf"(?:\s(?:are|were|include[ds]?|including)\b|[,:]|\s[\u2013\u2014-])\s(?:(?:{_NUMBER}|all|both|mostly|mainly|an?|the)\s)*"
)
IN_GENERAL = re.compile(
    r"\s+(?:are|can|may|must|should|have|do|often|usually|always|never|rarely|sometimes|generally|tend|need|deserve|and)\b"
)
BARE_AFTER = re.compile(
    r"(?:\A|\n\n|[.!?]['\"\u201d]?\s|[\"\u201c]|\b(?:that|by|against|whether|because|when|while)\s)\Z"
)
ARRESTS = re.compile(
    r"\s+(?:(?:have|had)\s+)?(?:arrest|detain|charg|seiz|caught|raid|question|accus|investigat|captur|kidnapp|jail)\w*\s+"
    rf"(?:an?\b|the\b|{_NUMBER}\b|some\b|several\b|[A-Z])"
)
_HARM = r"abduct|assassinat|attack|behead|injur|kidnap|kill|murder|poison|rap|rob|shoot|shot|slain|stabb|tortur|wound"
HARMED = re.compile(
    rf"\s(?:was|were|had\sbeen|have\sbeen|are|being)\s(?:[a-z]+ly\s)?(?:{_HARM}|hurt|hit|held|taken\shostage)",
    re.IGNORECASE,
)
HARMS = re.compile(rf"\b(?:{_HARM})\w*\s(?:[a-z]+\s){{0,2}}\Z", re.IGNORECASE)
AND_OTHERS = re.compile(
    rf"\s(?:and|as\swell\sas)\s(?:an?|the|his|her|their|{_NUMBER})\s(?:[a-z-]+\s)?(?=[A-Z])"
)
AT_COURT = re.compile(
    r"\b(?:charg(?:ed|es|ing)|indict(?:ed|s|ing)|arrest(?:ed|s|ing)|accus(?:ed|es|ing)|su(?:ed|es|ing)|convict(?:ed|s)"
    r"|plead(?:ed|s|ing)?|pled|extradit(?:ed|es)|prosecut(?:ed|es|ing)|sentenc(?:ed|es)|jailed|on\s+trial)\b"
)
SENTENCE_ENDS = re.compile(r"(?<=[a-z0-9)\"\u201d]{2}[.!?])\s+(?=[A-Z\"\u201c])|\n\n")
THE = re.compile(rf"\b(?:the|these|those)\s{_BEFORE_NOUN}{{0,3}}\Z", re.IGNORECASE)
NAME = re.compile(r"\s[A-Z][a-z]")
JOINED_NAME = re.compile(
    r"(?:['\u2019]s?)?(?:\s[a-z-]+){0,4}?(?:,?\s(?:and|or|as\s+well\s+as)\s"
    rf"(?:(?:the|an?|{_NUMBER})\s)?(?=[A-Z])|,\s(?:(?:the|an?|{_NUMBER})\s)?(?=[A-Z][^.;]{{0,80}}?\sand\s))"
)
