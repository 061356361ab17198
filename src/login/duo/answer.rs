//! Duo's answers in JSON: `{"stat": "OK", "response": {...}}`, or `"FAIL"` with a message.

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::format::printable::printable;

/// What somebody is told to do where Duo has no words for it.
pub(super) const TO_DO: &str = "confirm to Duo on your device";

/// What an answer says.
#[derive(Debug)]
pub(super) enum Said<T> {
    Yes(T),
    /// In Duo's words, fit to print.
    No(String),
    /// It is no answer of Duo's.
    Nothing,
}

/// How it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Somebody approved; the iframe is told where its answer is.
    Allowed { result: Option<String> },
    /// Not yet; what to tell the person, empty where nothing.
    Pending { text: String },
}

#[derive(Deserialize)]
struct Envelope<T> {
    stat: String,
    response: Option<T>,
    message: Option<String>,
    message_detail: Option<String>,
}

#[derive(Deserialize)]
struct Transaction {
    txid: String,
}

#[derive(Deserialize)]
struct Signed {
    cookie: Zeroizing<String>,
}

#[derive(Deserialize)]
struct Progress {
    status_code: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    result: Option<String>,
    result_url: Option<String>,
    risk_based_factor_selection_data: Option<StepUp>,
}

#[derive(Deserialize)]
struct StepUp {
    step_up_code: Option<String>,
}

/// An answer whatever it holds.
pub(super) fn response(text: &str) -> Said<serde_json::Value> {
    read(text)
}

/// The name of what was begun.
pub(super) fn transaction(text: &str) -> Said<String> {
    match read::<Transaction>(text) {
        Said::Yes(transaction) => Said::Yes(transaction.txid),
        Said::No(text) => Said::No(text),
        Said::Nothing => Said::Nothing,
    }
}

/// The signed answer.
pub(super) fn cookie(text: &str) -> Said<SecretString> {
    match read::<Signed>(text) {
        Said::Yes(signed) => Said::Yes(SecretString::from(signed.cookie.as_str())),
        Said::No(text) => Said::No(text),
        Said::Nothing => Said::Nothing,
    }
}

/// How it stands with what was begun. Duo tells an end by `result`; the codes of its failures are many
/// and their list is nowhere, those on the way are few.
pub(super) fn status(text: &str) -> Said<Status> {
    let progress = match read::<Progress>(text) {
        Said::Yes(progress) => progress,
        Said::No(text) => return Said::No(text),
        Said::Nothing => return Said::Nothing,
    };
    let words = |text: Option<&str>| printable(text.unwrap_or_default(), 200);
    let status = words(progress.status.as_deref());
    let code = progress.status_code.as_deref().unwrap_or_default();
    if code == "allow" {
        return Said::Yes(Status::Allowed {
            result: progress.result_url,
        });
    }
    let failed = progress.result.as_deref() == Some("FAILURE");
    let ended = [
        "deny",
        "timeout",
        "fraud",
        "error",
        "locked_out",
        "expired",
        "invalid",
    ];
    if failed || ended.contains(&code) {
        let told = [status, words(progress.reason.as_deref())];
        let told = told.into_iter().find(|words| !words.is_empty());
        return Said::No(told.unwrap_or_else(|| ending(code)));
    }
    let number = progress
        .risk_based_factor_selection_data
        .and_then(|data| data.step_up_code)
        .filter(|code| !code.is_empty());
    let to_do = match (status.is_empty(), code) {
        (false, _) => status,
        (true, "pushed") => TO_DO.to_owned(),
        (true, "calling") => "answer Duo's call".to_owned(),
        (true, _) if number.is_some() => TO_DO.to_owned(),
        (true, _) => String::new(),
    };
    let text = match number {
        Some(number) => with_number(&printable(&number, 20), &to_do),
        None => to_do,
    };
    Said::Yes(Status::Pending { text })
}

/// The newer pages word what there is to do themselves, from codes alone.
pub(super) fn with_number(number: &str, to_do: &str) -> String {
    format!("the number to enter is {number}: {to_do}")
}

/// What a code of an end means, where that is known.
pub(super) fn ending(code: &str) -> String {
    match code.to_ascii_lowercase().as_str() {
        "deny" => "the sign-in was denied on the device".to_owned(),
        "timeout" | "expired" => "timed out".to_owned(),
        "fraud" => "the sign-in was reported as fraud".to_owned(),
        "locked_out" => "Duo has locked the account".to_owned(),
        _ => printable(code, 60),
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Said<T> {
    let Ok(envelope) = serde_json::from_str::<Envelope<T>>(text) else {
        return Said::Nothing;
    };
    match (envelope.stat.as_str(), envelope.response) {
        ("OK", Some(response)) => Said::Yes(response),
        ("FAIL", _) => {
            let words = [envelope.message, envelope.message_detail];
            let words: Vec<String> = words.into_iter().flatten().collect();
            Said::No(printable(&words.join(": "), 200))
        }
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(response: &str) -> String {
        match status(&format!("{{\"stat\":\"OK\",\"response\":{response}}}")) {
            Said::Yes(status) => format!("{status:?}"),
            Said::No(text) => format!("no: {text}"),
            Said::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn every_way_that_it_may_stand() {
        for (response, expected) in [
            (
                r#"{"status_code":"pushed","status":"Pushed.\u001b[2J"}"#,
                r#"Pending { text: "Pushed.[2J" }"#,
            ),
            (
                r#"{"status_code":"pushed","status":"Enter it.","risk_based_factor_selection_data":{"step_up_code":"713"}}"#,
                r#"Pending { text: "the number to enter is 713: Enter it." }"#,
            ),
            (
                r#"{"status_code":"pushed"}"#,
                r#"Pending { text: "confirm to Duo on your device" }"#,
            ),
            (
                r#"{"status_code":"pushed","risk_based_factor_selection_data":{"step_up_code":"713"}}"#,
                r#"Pending { text: "the number to enter is 713: confirm to Duo on your device" }"#,
            ),
            (
                r#"{"status_code":"calling"}"#,
                r#"Pending { text: "answer Duo's call" }"#,
            ),
            (r#"{"status_code":"answered"}"#, r#"Pending { text: "" }"#),
            (
                r#"{"status_code":"allow","result":"SUCCESS","result_url":"/frame/status/x"}"#,
                r#"Allowed { result: Some("/frame/status/x") }"#,
            ),
            (r#"{"status_code":"allow"}"#, "Allowed { result: None }"),
            (
                r#"{"status_code":"deny","result":"FAILURE","status":"Login request denied."}"#,
                "no: Login request denied.",
            ),
            (r#"{"status_code":"timeout"}"#, "no: timed out"),
            (
                r#"{"status_code":"deny","result":"FAILURE"}"#,
                "no: the sign-in was denied on the device",
            ),
            (
                r#"{"status_code":"deny","result":"FAILURE","reason":"Incorrect passcode"}"#,
                "no: Incorrect passcode",
            ),
            (
                r#"{"status_code":"fraud","result":"FAILURE"}"#,
                "no: the sign-in was reported as fraud",
            ),
            (
                r#"{"status_code":"new_word","result":"FAILURE"}"#,
                "no: new_word",
            ),
            ("[]", "nothing"),
        ] {
            assert_eq!(of(response), expected, "{response}");
        }
        let no = status(r#"{"stat":"FAIL","message":"Bad","message_detail":"sid"}"#);
        assert!(matches!(no, Said::No(text) if text == "Bad: sid"));
        assert!(matches!(status("<html>"), Said::Nothing));
        assert!(
            matches!(transaction(r#"{"stat":"OK","response":{"txid":"t"}}"#), Said::Yes(t) if t == "t")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "(.|\\{|\"stat\":\"OK\"|,|\"response\":|\"status_code\":|\"deny\"|\\}){0,60}") {
            let _ = (status(&text), transaction(&text), cookie(&text));
        }
    }
}
