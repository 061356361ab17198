//! Whether what a page asks is a consent: nobody agrees for the person, so these are told from the other
//! choices. Told by words, in the languages that sign-in pages come in, and where they say nothing by
//! what the page is.

use super::ways::Way;
use crate::format::html::Page;
use crate::format::printable::printable;
use crate::login::{CONSENT, ONE_WAY};

/// A yes or a no, as the whole name of a button or its first word.
const ANSWERS: [&str; 12] = [
    "yes", "no", "ja", "nein", "oui", "non", "si", "sí", "sim", "não", "nee", "nej",
];
/// What the names of a yes or a no to something have in them.
const WORDS: [&str; 52] = [
    "accept",
    "reject",
    "deny",
    "decline",
    "agree",
    "allow",
    "consent",
    "acknowledg",
    "zustimm",
    "einverst",
    "einwillig",
    "akzept",
    "annehm",
    "ablehn",
    "erlaub",
    "refus",
    "accett",
    "rifiut",
    "acept",
    "rechaz",
    "aceit",
    "recus",
    "akkoord",
    "weiger",
    "toestem",
    "toestaan",
    "godkän",
    "godkend",
    "godta",
    "samtyck",
    "samtykke",
    "avvis",
    "hyväksy",
    "hylkää",
    "zgadzam",
    "akceptu",
    "odrzuc",
    "zezw",
    "souhlas",
    "přijm",
    "odmít",
    "elfogad",
    "elutas",
    "kabul",
    "reddet",
    "соглас",
    "приня",
    "отклон",
    "同意",
    "許可",
    "拒否",
    "동의",
];
/// What the title of such a page may have in it besides.
const TITLES: [&str; 16] = [
    "terms",
    "conditions",
    "privacy",
    "policy",
    "information release",
    "nutzungsbeding",
    "datenschutz",
    "freigabe",
    "condizioni",
    "condiciones",
    "términos",
    "termini",
    "voorwaarden",
    "villkor",
    "vilkår",
    "regulamin",
];
/// How a page says that to go on is to agree.
const SENTENCES: [&str; 18] = [
    "you accept",
    "you agree",
    "you consent",
    "i accept",
    "i agree",
    "i consent",
    "stimmen sie",
    "stimme ich",
    "einverstanden",
    "akzeptieren sie",
    "vous acceptez",
    "j'accepte",
    "acepta",
    "accetti",
    "aceita",
    "akkoord",
    "соглаш",
    "同意",
];
/// Words on a button that only leads on.
const ONWARD: [&str; 38] = [
    "continue",
    "next",
    "proceed",
    "ok",
    "okay",
    "go",
    "submit",
    "send",
    "skip",
    "later",
    "close",
    "weiter",
    "fortfahren",
    "absenden",
    "senden",
    "später",
    "schließen",
    "continuer",
    "suivant",
    "tard",
    "continuar",
    "siguiente",
    "seguinte",
    "continua",
    "avanti",
    "prosegui",
    "doorgaan",
    "verder",
    "volgende",
    "fortsätt",
    "fortsæt",
    "fortsett",
    "jatka",
    "dalej",
    "pokračovat",
    "tovább",
    "devam",
    "продолжить",
];

/// What is to be decided where there are several ways: whether to agree to something, or how to go on.
pub(super) fn matter(page: &Page, ways: &[Way<'_>]) -> String {
    let is_consent = ways.iter().any(answers) || is_title(&page.title);
    titled(
        match is_consent {
            true => CONSENT,
            false => "way to sign in",
        },
        &page.title,
    )
}

/// The same of a page with one way on: what it says yes to, if anything. Nothing is consented to in a page
/// without a button. After the password it is not taken for a page that only leads on where its button
/// does not say so: what it is then is for the person to read.
pub(super) fn single(page: &Page, ways: &[Way<'_>], signed_in: bool) -> Option<String> {
    let [way] = ways else {
        return None;
    };
    let text = page.text.to_lowercase();
    let is_consent = answers(way)
        || is_title(&page.title)
        || SENTENCES.iter().any(|sentence| text.contains(sentence));
    let leads_on = page.sends_itself.is_some() || page.title.is_empty() || leads_on(&way.said);
    match is_consent {
        true => Some(titled(CONSENT, &page.title)),
        false => (signed_in && !leads_on).then(|| titled(ONE_WAY, &page.title)),
    }
}

/// Whether a way is called a yes or a no.
fn answers(way: &Way<'_>) -> bool {
    let is_word = |text: &str| WORDS.iter().any(|word| text.contains(word));
    let id = way.id.to_lowercase();
    let said = way.said.to_lowercase();
    let first = said.split(|c: char| !c.is_alphanumeric()).next();
    ANSWERS.contains(&id.as_str())
        || is_word(&id)
        || first.is_some_and(|first| ANSWERS.contains(&first))
        || is_word(&said)
}

fn is_title(title: &str) -> bool {
    let title = title.to_lowercase();
    let mut words = WORDS.iter().chain(&TITLES);
    words.any(|word| title.contains(word))
}

fn leads_on(said: &str) -> bool {
    let said = said.to_lowercase();
    let mut words = said.split(|c: char| !c.is_alphanumeric());
    said.trim().is_empty() || words.any(|word| ONWARD.contains(&word))
}

fn titled(what: &str, title: &str) -> String {
    if title.is_empty() {
        what.to_owned()
    } else {
        format!("{what} ({})", printable(title, 100))
    }
}
