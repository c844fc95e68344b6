"""Which words of a question are verbs, and their forms: enough grammar to complete a follow-up question.

A list instead of a parser: of a question only its verbs must be told from its nouns, and the same some hundred verbs
come again and again. Words that are both ("report", "support") count as verbs only where a verb is due.
"""

import re

from assistant.query.words import word_set

_REGULAR = word_set(
    """abandon abolish accept accuse achieve acknowledge act adapt add address administer adopt advance advise affect
    agree allege allow announce answer anticipate appear apply appoint apprehend approve argue arrange arrest
    ask assassinate assess assign assist assume attend attract authorise authorize avoid back ban base bear
    belong block bomb borrow boycott brief burn call cancel capture carry cause cease certify chair characterise
    charge check choose cite claim clear close collapse collect combat command comment commit compare compel
    compensate complain complete condemn conduct confirm confiscate confront consider consist consolidate
    consult contain continue contribute control convene convict cooperate coordinate counter cover create
    criticise criticize cross debate decide declare decline dedicate defeat defend define delay delegate deliver
    demand demobilise demobilize denounce depend deploy deprive describe design destroy detain deteriorate
    determine develop devote die differ direct disappear disarm disband disclose discuss dismiss displace
    dissolve distinguish distribute divide double earn elaborate elect eliminate emerge emphasise employ enable
    encourage end endorse enforce engage enhance ensure enter equip erupt escape establish estimate evacuate
    evaluate evolve examine exclude exercise exist expand expect expel expire explain exploit export expose
    express extend face facilitate fail favour finance finish fire flee focus follow force found free fulfil
    fund gain gather generate govern grant guard guide handle happen harm head help highlight hire host hurt
    identify implement import imprison improve include increase indicate infiltrate influence inform inherit
    initiate injure insist inspect institute integrate intend intervene interview introduce invest investigate
    invite involve issue join judge justify kidnap kill label lack last launch lay learn lift limit locate look
    loot maintain manage mandate manufacture mark measure mediate mention merge miss mobilise modernise modify
    monitor monopolise move murder need negotiate note notify object observe obtain occupy occur offer open
    operate oppose order organise organize originate outlaw oversee own participate pass patrol perform permit
    persuade plan plant play point possess postpone praise predict prefer prepare present preserve pressure
    prevent print privatise produce professionalise progress prohibit promise promote propose prosecute protect
    prove provide publish punish pursue push qualify question raise rape ratify re-establish reach react realise
    rebel receive recognise recognize recommend reconcile reconstruct recruit redeploy reduce refer reform
    refuse register regulate reintegrate reiterate reject release rely remain remind remove rename renew repair
    repatriate repeal repeat replace report represent request require rescue resign resist resolve respect
    respond restore result resume retire retrain return reveal review revise revoke rule sanction save scale
    screen secure seek seize select separate serve settle shape share shift shoot show shrink sign slow smuggle
    solve spark specify split sponsor spread stabilise stage start state stay steal step stop store strengthen
    stress struggle submit substitute succeed suffer suggest supervise supply support surrender survive suspect
    suspend sustain swear switch tackle talk target terminate testify threaten torture trace trade traffic train
    transfer transform transmit travel treat trigger trust try turn undermine unite update uphold urge use vary
    verify vet violate visit vote want warn watch welcome work worry"""
)
_IRREGULAR = {  # base: past, participle
    line.split()[0]: (line.split()[1], line.split()[-1])
    for line in """become became become
begin began begun
break broke broken
bring brought
build built
buy bought
come came come
cost cost
cut cut
deal dealt
draw drew drawn
eat ate eaten
fall fell fallen
feel felt
fight fought
find found
get got
give gave given
go went gone
grow grew grown
hold held
keep kept
know knew known
lead led
leave left
let let
lose lost
make made
meet met
oversee oversaw overseen
overcome overcame overcome
pay paid
put put
read read
rebuild rebuilt
ride rode ridden
rise rose risen
run ran run
say said
see saw seen
sell sold
send sent
set set
speak spoke spoken
spend spent
stand stood
take took taken
teach taught
tell told
think thought
undergo underwent undergone
understand understood
win won
write wrote written""".splitlines()
}
_HAVE = {"have": "had", "do": "did"}
_PASTS = {form: base for base, forms in _IRREGULAR.items() for form in forms}
_BASES = _REGULAR | frozenset(_IRREGULAR)
_ALSO_NOUNS = word_set(
    """act add address advance aim answer arrest attack attempt ban base bear benefit block call cause chair change
    charge check claim command comment control cost counter cover cross cut deal debate delay demand direct
    double end escape estimate exercise experience export face fall fight finance fire focus force free fund
    gain grant guard guide handle harm head help highlight host hurt import increase influence institute issue
    judge label lack last launch lead lift limit look mandate mark matter measure miss move murder need note
    object offer open order own patrol permit place plan plant play point position present pressure print
    process produce progress promise push question rape read record reform release repeat report request rescue
    research respect result return review rise rule run sanction scale screen secure separate set shape share
    shift show sign slow split sponsor spread stage stand start state stay step stop store stress struggle
    supply support surrender suspect switch target torture trace trade traffic transfer travel trust turn update
    use visit vote watch welcome work worry"""
)
_NOUNS_OF_DEEDS = word_set(
    "arrest attack change collapse launch release return review rise fall transfer use visit vote"
)
PARTICLES = word_set("up out down off over apart")
_DOUBLED = word_set("vet stop plan run set cut begin commit transfer ban put let get win refer")


def is_verb(word: str, is_due: bool) -> bool:
    """Whether a lower-case word is a verb where a verb is due, or, if none is due, a verb and nothing else."""
    base = base_of(word)
    if base is None:
        return False
    return is_due or not (base in _ALSO_NOUNS and word in (base, _third_person(base)))


def is_participle(word: str) -> bool:
    """Whether a lower-case word is a past or a past participle: "trained", "paid"."""
    return (word in _PASTS and _PASTS[word] != word) or bool(
        re.search(r"[a-z]{2}[^e]ed$|^[a-z]{1,2}ied$|[^aeiou]eed$", word) and base_of(word) != word
    )


def base_of(word: str) -> str | None:
    """The plain form of a lower-case verb, or None for what is no verb of the list.

    >>> base_of("oversees"), base_of("paid"), base_of("vetted"), base_of("police")
    ('oversee', 'pay', 'vet', None)
    """
    if word in _BASES or word in _ALSO_NOUNS:
        return word
    if word in _PASTS:
        return _PASTS[word]
    for ending, puts in (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("d", "")):
        if word.endswith(ending):
            base = word.removesuffix(ending) + puts
            if base in _BASES or base in _ALSO_NOUNS:
                return base
            if ending == "ed" and base[-2:-1] == base[-1:] and base[:-1] in _BASES:
                return base[:-1]
    return None


def deed(word: str) -> str:
    """The noun of a verb in any form.

    >>> deed("rebuilt"), deed("vetted"), deed("collapse"), deed("demobilised")
    ('rebuilding', 'vetting', 'collapse', 'demobilising')
    """
    base = base_of(word) or word.removesuffix("ed")
    if base in _NOUNS_OF_DEEDS:
        return base
    if base in _DOUBLED:
        return f"{base}{base[-1]}ing"
    return f"{base.removesuffix('e') if not base.endswith(('ee', 'oe', 'ye')) else base}ing"


def participle(word: str) -> str:
    """The past participle of a verb in any form: "oversees" gives "overseen", "ended" gives "ended"."""
    base = base_of(word) or word
    return _IRREGULAR[base][1] if base in _IRREGULAR else past(base)


def past(base: str) -> str:
    """The past of a verb's plain form: "had", "oversaw", "carried", "vetted"."""
    if base in _HAVE:
        return _HAVE[base]
    if base in _IRREGULAR:
        return _IRREGULAR[base][0]
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2] not in "aeo":
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if base in _DOUBLED else f"{base}ed"


def _third_person(base: str) -> str:
    if base.endswith("y") and base[-2] not in "aeo":
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "sh", "ch", "x", "o")) else f"{base}s"
