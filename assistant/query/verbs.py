"""Which words of a question are verbs, and their forms: enough grammar to complete a follow-up question.

A list instead of a parser: of a question only its verbs must be told from its nouns, and the same some hundred verbs
come again and again. Words that are both ("report", "support") count as verbs only where a verb is due.
"""

from assistant.query.words import word_set

_REGULAR = word_set(
    """accept achieve adopt advise affect agree allow answer apply appoint approve arrest ask assess assist attend avoid
    ban belong carry cause check choose close collapse collect combat commit compare complain complete conduct confirm
    consider consist consult contain continue contribute control coordinate cooperate cover create criticise criticize
    decide declare decline define delay deliver demand demobilise demobilize deploy describe design destroy detain
    determine develop differ disappear disarm disband discuss dismiss dissolve elect employ enable encourage end enforce
    ensure enter establish evaluate examine exclude exist expect explain express extend face fail finance finish focus
    follow force found fulfil fund govern grant guard guide happen help hire identify implement improve include increase
    influence inform insist inspect integrate intend interview introduce investigate invite involve join judge justify
    kill lack last launch learn lift limit limit look maintain manage measure mediate mention merge monitor move murder
    need negotiate occur offer operate oppose order organise organize oversee own participate pass patrol plan play
    prepare present prevent prohibit promise promote propose prosecute protect prove provide publish punish raise ratify
    reach receive recommend recognise recognize recruit reduce refer reform refuse regulate reject release rely remain
    remove renew repair replace report represent require resist resolve respond restore result return review save screen
    secure select separate serve settle share show sign start state stay stop strengthen struggle suffer suggest
    supervise supply support suspend sustain talk target threaten train transfer transform treat try turn undermine
    use verify vet violate visit vote want warn watch welcome work worry"""
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
    """answer arrest attack ban cause change check control cost cover delay demand deal end face fight finance focus
    force fund grant guard guide help increase influence judge lack last launch lead limit look measure murder need
    offer order own patrol plan play present promise read reform release report result return review run share show
    sign stand start state stay stop struggle supply support target transfer turn use visit vote watch welcome
    work worry fall rise fight move screen secure separate answer cut set record process process respect influence
    benefit attempt aim trade research attack matter place mandate position question"""
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
    return (word in _PASTS and _PASTS[word] != word) or (len(word) > 4 and word.endswith("ed"))


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
