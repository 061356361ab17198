//! What in a text, a name or an address is somebody's secret by its looks. It errs on the side of taking
//! out. Pure.

/// Words in the name of something that holds what nobody else may know.
const SECRETS: [&str; 5] = ["secret", "seed", "recover", "backup", "code"];

/// Where a page speaks of one of the first and one of the second, it gives somebody a secret to keep.
const SETTING_UP: [&str; 8] = [
    "set up",
    "setup",
    "set-up",
    "enrol",
    "register",
    "configure",
    "activate",
    "einrichten",
];
const FACTORS: [&str; 16] = [
    "second factor",
    "authenticator",
    "authentication app",
    "two-factor",
    "two factor",
    "two-step",
    "2-step",
    "2fa",
    "mfa",
    "multi-factor",
    "multifactor",
    "qr code",
    "secret key",
    "recovery code",
    "backup code",
    "zweiten faktor",
];

/// Whether a page gives somebody a second factor.
pub(super) fn sets_up_a_factor(page: &str) -> bool {
    let page = page.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| page.contains(word));
    says(&SETTING_UP) && says(&FACTORS)
}

/// Whether ids and classes are those of something that holds a secret.
pub(super) fn names_a_secret(names: &str) -> bool {
    let names = names.to_ascii_lowercase();
    let mut words = names.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        SECRETS.iter().any(|secret| word.contains(secret))
            || word.ends_with("key")
            || word.ends_with("keys")
    })
}

/// A text without groups of signs that are to be typed: `JBSW Y3DP EHPK` and `abcd-efgh-ijkl`.
pub(super) fn without_groups(text: &str, instead: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out: Vec<&str> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let run = rest.iter().take_while(|word| is_base32(word)).count();
        let small = rest.iter().take_while(|word| is_small_group(word)).count();
        if run >= 2 || small >= 4 {
            out.push(instead);
            rest = rest.get(run.max(small)..).unwrap_or_default();
            continue;
        }
        out.push(if is_grouped(first) { instead } else { first });
        rest = after;
    }
    out.join(" ")
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_ascii_alphanumeric())
}

/// A fourth of a seed, as pages show one.
fn is_base32(word: &str) -> bool {
    let word = bare(word);
    word.len() == 4 && word.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7'))
}

fn is_small_group(word: &str) -> bool {
    let word = bare(word);
    word.len() == 4 && word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))
}

/// Groups of one length, with hyphens between them.
fn is_grouped(word: &str) -> bool {
    let groups: Vec<&str> = bare(word).split('-').collect();
    let Some(length) = groups.first().map(|first| first.len()) else {
        return false;
    };
    let is_group =
        |group: &&str| group.len() == length && group.bytes().all(|b| b.is_ascii_alphanumeric());
    let two = length >= 4 && !word.bytes().any(|b| b.is_ascii_lowercase()) || length >= 5;
    groups.iter().all(is_group) && (groups.len() >= 3 && length >= 3 || groups.len() == 2 && two)
}

/// Whether a path's segment is no word that somebody wrote.
pub(super) fn is_random(segment: &str) -> bool {
    let count = |is: fn(&char) -> bool| segment.chars().filter(is).count();
    let length = segment.chars().count();
    let digits = count(char::is_ascii_digit);
    let (upper, lower) = (
        count(char::is_ascii_uppercase),
        count(char::is_ascii_lowercase),
    );
    let vowels = count(|c| "aeiouyAEIOUY".contains(*c));
    length >= 16 && (digits >= 4 || lower > 0 && 4 * upper >= length || 5 * vowels < upper + lower)
}

/// A state or an error of a protocol: `MFA_REQUIRED`, `E0000004`.
pub(super) fn is_a_state(text: &str) -> bool {
    let is_error = text.len() == 8
        && text
            .strip_prefix('E')
            .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
    let is_word = (2..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        && !is_random(text);
    is_error || is_word
}
