//! What the name, type and `autocomplete` of a field say that it is for. Names are read word by word:
//! `pinpoint` is no PIN.

use crate::format::html::{Control, ControlKind};

/// Words for a code, whole.
const CODE: [&str; 9] = [
    "code",
    "token",
    "pin",
    "tfa",
    "challenge",
    "factor",
    "otc",
    "verify",
    "verification",
];
/// Words that are plain even with something before or after them.
const PLAIN_CODE: [&str; 6] = [
    "otp",
    "mfa",
    "2fa",
    "passcode",
    "tokencode",
    "authenticator",
];
/// What a word for a code is often written together with.
const BEFORE_CODE: [&str; 15] = [
    "sms",
    "auth",
    "security",
    "verification",
    "verify",
    "verif",
    "confirmation",
    "email",
    "mail",
    "login",
    "access",
    "rsa",
    "token",
    "pin",
    "onetime",
];
/// Words that make it some other code: whose it is, or where somebody lives.
const OTHER_CODE: [&str; 19] = [
    "user",
    "utilisateur",
    "usuario",
    "utente",
    "benutzer",
    "gebruiker",
    "employee",
    "staff",
    "member",
    "customer",
    "client",
    "student",
    "company",
    "country",
    "postal",
    "zip",
    "area",
    "lang",
    "promo",
];

/// The words of a name: divided by whatever is no letter, by a capital after a small letter, and from
/// the number at its end.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = None::<char>;
    for c in name.chars() {
        let starts = match before {
            Some(last) => {
                last.is_lowercase() && c.is_uppercase()
                    || last.is_alphabetic() && c.is_ascii_digit()
            }
            None => false,
        };
        if starts || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `one-time-code` is the word of the HTML standard.
pub(super) fn is_one_time_code(control: &Control) -> bool {
    hints(control, &["one-time-code"])
}

/// A field for a code. One for a password may be that by its name alone: `passcode`, `j_tokenNumber`.
pub(super) fn is_code(control: &Control) -> bool {
    if is_one_time_code(control) || is_named_code(control) {
        return true;
    }
    let is_code_word = |word: &String| {
        CODE.contains(&word.as_str())
            || CODE.iter().any(|code| {
                let before = word.strip_suffix(code);
                before.is_some_and(|before| BEFORE_CODE.contains(&before))
            })
    };
    let words = words(&control.name);
    let has = |parts: &[&str]| {
        parts
            .iter()
            .any(|part| words.iter().any(|w| w.contains(part)))
    };
    !hints(control, &["username", "email"])
        && !has(&["password"])
        && words.iter().any(is_code_word)
        && !has(&OTHER_CODE)
}

/// Plainly a one-time code by its name.
pub(super) fn is_named_code(control: &Control) -> bool {
    let words = words(&control.name);
    let together = words.concat();
    let is_plain = |word: &String| {
        PLAIN_CODE
            .iter()
            .any(|code| word.starts_with(code) || word.ends_with(code))
    };
    !hints(control, &["username", "email"])
        && (together.contains("onetime")
            || words.iter().any(is_plain) && !together.contains("password"))
}

/// A field for something of which this is plainly the name, the type or the hint: an address, a date, a
/// telephone number. A telephone's type alone says little: it is how a page asks for digits.
pub(super) fn is_something_else(control: &Control) -> bool {
    const TYPES: [&str; 10] = [
        "textarea",
        "email",
        "date",
        "datetime-local",
        "month",
        "week",
        "time",
        "url",
        "color",
        "range",
    ];
    const HINTS: [&str; 9] = [
        "email",
        "name",
        "given-name",
        "family-name",
        "street-address",
        "postal-code",
        "country",
        "organization",
        "new-password",
    ];
    const WORDS: [&str; 17] = [
        "tel", "name", "surname", "nom", "prenom", "vorname", "nachname", "mail", "city", "zip",
        "plz", "street", "dob", "date", "url", "reason", "comment",
    ];
    const PARTS: [&str; 7] = [
        "phone",
        "mobile",
        "email",
        "address",
        "birth",
        "firstname",
        "lastname",
    ];
    if is_code(control) {
        return false;
    }
    let words = words(&control.name);
    let together = words.concat();
    let starts = |start: &str| {
        control
            .autocomplete
            .split(' ')
            .any(|w| w.starts_with(start))
    };
    TYPES.contains(&control.input_type.as_str())
        || hints(control, &HINTS)
        || ["tel", "address-", "bday", "cc-"].into_iter().any(starts)
        || words.iter().any(|word| WORDS.contains(&word.as_str()))
        || PARTS.iter().any(|part| together.contains(part))
}

/// How many ranks [`user_rank`] knows, from 0 on.
pub(super) const USER_RANKS: u8 = 3;

/// How much a field looks like one for a user name. 0 is the best: the page says so; then by its name;
/// then an e-mail address, which may be asked for beside the name.
pub(super) fn user_rank(control: &Control) -> Option<u8> {
    const USER: [&str; 12] = [
        "user",
        "login",
        "ident",
        "account",
        "logon",
        "uid",
        "upn",
        "principal",
        "benutzer",
        "utilisateur",
        "usuario",
        "utente",
    ];
    let name = control.name.to_ascii_lowercase();
    if control.kind != ControlKind::Text {
        return None;
    }
    if hints(control, &["username"]) {
        return Some(0);
    }
    if USER.iter().any(|word| name.contains(word)) {
        return Some(1);
    }
    let is_email =
        name.contains("mail") || control.input_type == "email" || hints(control, &["email"]);
    is_email.then_some(2)
}

fn hints(control: &Control, wanted: &[&str]) -> bool {
    let mut words = control.autocomplete.split_ascii_whitespace();
    words.any(|word| wanted.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> Control {
        Control {
            name: name.to_owned(),
            ..Control::default()
        }
    }

    #[test]
    fn codes_by_whole_words() {
        for name in [
            "otp",
            "otp0",
            "otpCode",
            "userOtp",
            "totp",
            "code",
            "smscode",
            "verificationCode",
            "verification_code",
            "j_tokenNumber",
            "security-code",
            "pin",
            "mfaInput",
            "2fa",
            "passcode",
            "challenge",
            "second_factor",
            "one_time_password",
            "email_code",
            "loginPin",
        ] {
            assert!(is_code(&text(name)), "{name}");
        }
        for name in [
            "pinpoint_user",
            "employee_code",
            "code_utilisateur",
            "IDToken1",
            "IDToken2",
            "username",
            "country_code",
            "postalCode",
            "zipcode",
            "password",
            "spinner",
            "decoder",
            "passwordToken",
        ] {
            assert!(!is_code(&text(name)), "{name}");
        }
    }

    #[test]
    fn what_is_plainly_something_else() {
        for name in [
            "phoneNumber",
            "mobile",
            "firstName",
            "nom",
            "date_of_birth",
            "homeAddress",
        ] {
            assert!(is_something_else(&text(name)), "{name}");
        }
        for name in [
            "answer",
            "response",
            "IDToken1",
            "phone_code",
            "emailOtp",
            "value",
        ] {
            assert!(!is_something_else(&text(name)), "{name}");
        }
        let tel = |name: &str, autocomplete: &str| Control {
            input_type: "tel".to_owned(),
            autocomplete: autocomplete.to_owned(),
            ..text(name)
        };
        assert!(!is_something_else(&tel("answer", "")));
        assert!(is_something_else(&tel("answer", "tel-national")));
    }
}
