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

/// A text without numbers that are typed, in whatever groups they stand: `123 456`, `98-76 54`.
pub(super) fn without_numbers(text: &str, instead: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out: Vec<&str> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let group = |word: &&&str| is_number(word) || !word.chars().any(char::is_alphanumeric);
        // What begins with a dash only is no number.
        let run = match is_number(first) {
            true => rest.iter().take_while(group).count(),
            false => 0,
        };
        let (run, later) = rest.split_at(run);
        if run.iter().map(|word| digits(word)).sum::<usize>() >= DIGITS {
            out.push(instead);
            rest = later;
        } else {
            out.push(first);
            rest = after;
        }
    }
    out.join(" ")
}

/// Digits that a one-time code has at least.
pub(super) const DIGITS: usize = 4;

/// In whatever script.
pub(super) fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// A group of digits, as `G-123` also is.
fn is_number(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    digits(word) > letters
}

/// What stands alone on a page as one sign of a code does, or as the whole of a short one.
pub(super) fn is_bare_code(text: &str) -> bool {
    let signs = text.chars().filter(|c| c.is_alphanumeric()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    signs == 1 || signs > 0 && letters == 0
}

/// Whether a word of a sentence is none that somebody wrote.
pub(super) fn is_token(word: &str) -> bool {
    let parts = word.split(|c: char| !c.is_alphanumeric());
    word.contains(['@', '\u{ff20}'])
        || word.contains("://")
        || digits(word) >= DIGITS
        || word.chars().count() > 30
        || parts.into_iter().any(is_mixed)
}

/// A name of letters and digits that no developer gave.
pub(super) fn is_odd_name(part: &str) -> bool {
    let length = part.chars().count();
    let digits = digits(part);
    let upper = part.bytes().filter(u8::is_ascii_uppercase).count();
    let is_mixed = upper < length && 3 * upper >= length;
    digits >= DIGITS
        || length > 40
        || length >= 16 && digits >= 2
        || length >= 20 && (is_mixed || few_vowels(part))
}

fn few_vowels(part: &str) -> bool {
    let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
    let vowels = part.chars().filter(|c| "aeiouyAEIOUY".contains(*c)).count();
    5 * vowels < letters
}

fn is_mixed(part: &str) -> bool {
    let length = part.chars().count();
    if length < 8 {
        return false;
    }
    let lower = part.chars().any(char::is_lowercase);
    let upper = part.chars().filter(|c| c.is_uppercase()).count();
    let runs = part.split(|c: char| !c.is_uppercase());
    let runs = runs.filter(|run| run.chars().count() >= 2).count();
    let digits = digits(part);
    let begins_small = part.starts_with(char::is_lowercase);
    digits >= 2 && digits < length
        || lower && runs >= 2
        || length >= 16
            // `Authentifizierung` and `userNameInput` are words, sixteen letters of one kind are none.
            && (!lower || begins_small && upper == 0 || 4 * upper >= length || few_vowels(part))
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
